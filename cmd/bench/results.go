package main

import (
	"fmt"
	"time"
)

// results are what was measured, sample by sample.
type results struct {
	memory, memoryPersonal, memoryNaive []float64 // bytes per connection

	change, bare, naive []spread
	bareRatio           []float64 // of the p50 of changes to that of the bare loop, by round
	renders             []float64 // for one change
	updates             []float64 // per second
	idle                []float64 // share of a processor
	reconnect           []spread
	right               []float64 // share of the pages that came back
	outage              []float64 // milliseconds for which there was no server

	faults []string
}

// require notes what makes the run invalid unless it is so.
func (r *results) require(so bool, format string, arguments ...any) {
	if !so {
		r.faults = append(r.faults, fmt.Sprintf(format, arguments...))
	}
}

// times returns one time of each spread, in milliseconds.
func times(spreads []spread, which func(spread) time.Duration) []float64 {
	all := make([]float64, len(spreads))
	for i, s := range spreads {
		all[i] = milliseconds(which(s))
	}
	return all
}

func p50(s spread) time.Duration   { return s.p50 }
func p99(s spread) time.Duration   { return s.p99 }
func worst(s spread) time.Duration { return s.max }

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// rows are what the table shows: medians, but for the slowest.
func (r *results) rows() []row {
	const kB, percent = 1e3, 1e-2
	return []row{
		{"memory per idle connection, 8 views", median(r.memory) / kB, "kB", atMost(10)},
		{"  2 of the 8 views personal", median(r.memoryPersonal) / kB, "kB", target{}},
		{"  naive peer", median(r.memoryNaive) / kB, "kB", target{}},
		{"one change to all pages, p50", median(times(r.change, p50)), "ms", atMost(40)},
		{"  p99", median(times(r.change, p99)), "ms", atMost(110)},
		{"  slowest of all", slowest(times(r.change, worst)), "ms", target{}},
		{"  p50 against the bare loop", median(r.bareRatio), "×", atMost(1.25)},
		{"  bare loop of writes, p50", median(times(r.bare, p50)), "ms", target{}},
		{"  bare loop of writes, p99", median(times(r.bare, p99)), "ms", target{}},
		{"  naive peer, p50", median(times(r.naive, p50)), "ms", target{}},
		{"  naive peer, p99", median(times(r.naive, p99)), "ms", target{}},
		{"renders for one change", slowest(r.renders), "", atMost(1)},
		{"updates per second, 10 views each", median(r.updates) / 1e6, "M", atLeast(1)},
		{"processor time when idle", median(r.idle) / percent, "% of a core", atMost(2)},
		{"back and right after kill -9", least(r.right) / percent, "%", atLeast(100)},
		{"  p50", median(times(r.reconnect, p50)), "ms", target{}},
		{"  p99", median(times(r.reconnect, p99)), "ms", atMost(1200)},
		{"  slowest of all", slowest(times(r.reconnect, worst)), "ms", target{}},
		{"  without a server for", median(r.outage), "ms", target{}},
	}
}

func median(values []float64) float64  { return quantile(values, 0.5) }
func slowest(values []float64) float64 { return quantile(values, 1) }
func least(values []float64) float64   { return quantile(values, 0) }
