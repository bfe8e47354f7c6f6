package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

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

	faults []string
}

// require notes what makes the run invalid unless it is so.
func (r *results) require(so bool, format string, arguments ...any) {
	if !so {
		r.faults = append(r.faults, fmt.Sprintf(format, arguments...))
	}
}

// valid returns an error if something makes the run invalid.
func (r *results) valid() error {
	if len(r.faults) == 0 {
		return nil
	}
	return fmt.Errorf("the run is not valid: %s", strings.Join(r.faults, "; "))
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

// rows are what the table shows of the parts that were measured: medians, but
// for the slowest.
func (r *results) rows(parts []string) []row {
	const kB, percent, micro = 1e3, 1e-2, 1e-3
	all := []row{
		{partMemory, "memory for an idle connection, 8 views", median(r.memory) / kB, "kB", atMost(10)},
		{partPersonal, "memory, 2 of the 8 views personal", median(r.memoryPersonal) / kB, "kB", target{}},
		{partNaive, "memory of the naive peer", median(r.memoryNaive) / kB, "kB", target{}},
		{partChanges, "one change to all pages, p50", median(times(r.change, broadcast.half)), "ms", atMost(40)},
		{partChanges, "  p99", median(times(r.change, broadcast.most)), "ms", atMost(110)},
		{partChanges, "  slowest of all", slowest(times(r.change, broadcast.all)), "ms", target{}},
		{partChanges, "  p50 against the bare loop", median(r.bareRatio), "×", atMost(1.25)},
		{partChanges, "  processor time for a page", median(times(r.change, broadcast.each)) / micro, "µs", target{}},
		{partChanges, "bare loop of writes, p50", median(times(r.bare, broadcast.half)), "ms", target{}},
		{partChanges, "  p99", median(times(r.bare, broadcast.most)), "ms", target{}},
		{partChanges, "  processor time for a page", median(times(r.bare, broadcast.each)) / micro, "µs", target{}},
		{partNaive, "naive peer, p50", median(times(r.naive, broadcast.half)), "ms", target{}},
		{partNaive, "  p99", median(times(r.naive, broadcast.most)), "ms", target{}},
		{partNaive, "  processor time for a page", median(times(r.naive, broadcast.each)) / micro, "µs", target{}},
		{partRenders, "renders for one change", slowest(r.renders), "", atMost(1)},
		{partUpdates, "updates per second, 10 views each", median(r.updates) / 1e6, "M", atLeast(1)},
		{partIdle, "processor time when idle", median(r.idle) / percent, "% of a core", atMost(2)},
		{partReconnect, "back and right after kill -9", least(r.right) / percent, "%", atLeast(100)},
		{partReconnect, "  p50", median(times(r.reconnect, spread.half)), "ms", target{}},
		{partReconnect, "  p99", median(times(r.reconnect, spread.most)), "ms", atMost(1200)},
		{partReconnect, "  slowest of all", slowest(times(r.reconnect, spread.all)), "ms", target{}},
		{partReconnect, "  without a server for", median(r.outage), "ms", target{}},
		{partReconnect, "  overflows of the listen queue", median(r.overflows), "", target{}},
	}
	return slices.DeleteFunc(all, func(w row) bool { return !slices.Contains(parts, w.part) })
}

func median(values []float64) float64  { return quantile(values, 0.5) }
func slowest(values []float64) float64 { return quantile(values, 1) }
func least(values []float64) float64   { return quantile(values, 0) }
