package main

import "time"

// results are what was measured, sample by sample.
type results struct {
	memory, memoryPersonal, memoryNaive []float64 // bytes per connection

	change, bare, naive []broadcast
	bareRatio           []float64 // of the p50 of changes to that of the bare loop, by round
	renders             []float64 // for one change
	updates             []float64 // per second
	idle                []float64 // share of a processor
	reconnect           []spread
	right               []float64 // share of the pages that came back
	outage              []float64 // milliseconds for which there was no server
	overflows           []float64 // of the listen queue meanwhile

	attentive, besideSlow []broadcast // before some stopped to read, and meanwhile
	slowRatio             []float64   // of the p99 of both, by round
	slowRight             []float64   // share of the slow that were told to come back, did, and are right

	jittered *jitter // nil: not measured yet

	visible, visibleAll []time.Duration // until a browser shows a change of its own, and one of all

	peers []*peer

	validity
}

// A broadcast is what one change to all pages took.
type broadcast struct {
	spread
	cost time.Duration // processor time of the server for a page
}

// times returns one time of each, in milliseconds.
func times[T any](all []T, which func(T) time.Duration) []float64 {
	values := make([]float64, len(all))
	for i, one := range all {
		values[i] = milliseconds(which(one))
	}
	return values
}

func (s spread) half() time.Duration    { return s.p50 }
func (s spread) most() time.Duration    { return s.p99 }
func (s spread) all() time.Duration     { return s.max }
func (b broadcast) each() time.Duration { return b.cost }

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
