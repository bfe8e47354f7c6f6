package main

import (
	"time"

	"selvedge/cmd/bench/internal/peers"
	"selvedge/cmd/bench/internal/report"
)

// results are what was measured, sample by sample.
type results struct {
	memory, memoryPersonal, memoryNaive []float64 // bytes per connection

	change, bare, naive []broadcast
	bareRatio           []float64 // of the p50 of changes to that of the bare loop, by round
	renders             []float64 // for one change
	updates             []float64 // per second
	idle                []float64 // share of a processor
	reconnect           []report.Spread
	right               []float64 // share of the pages that came back
	outage              []float64 // milliseconds for which there was no server
	overflows           []float64 // of the listen queue meanwhile

	attentive, besideSlow []broadcast // before some stopped to read, and meanwhile
	slowRatio             []float64   // of the p99 of both, by round
	slowRight             []float64   // share of the slow that were told to come back, did, and are right

	jittered *jitter // nil: not measured yet

	visible, visibleAll []time.Duration // until a browser shows a change of its own, and one of all

	peers []*peerResult

	report.Validity
}

// A broadcast is what one change to all pages took.
type broadcast struct {
	report.Spread
	cost time.Duration // processor time of the server for a page
}

func (b broadcast) each() time.Duration { return b.cost }

// A peerResult is what was measured of a peer.
type peerResult struct {
	peers.WebSocketServer
	missing string // why it cannot be measured here; empty: it can
	memory  []float64
	sent    []broadcast
}
