package main

import (
	"math"
	"slices"
	"time"
)

// rows are what the table shows of the parts that were measured: medians, but
// for the slowest.
func (r *results) rows(parts []string) []row {
	of := map[string]func() []row{
		partMemory:    r.memoryRows,
		partIdle:      r.idleRows,
		partChanges:   r.changesRows,
		partRenders:   r.rendersRows,
		partReconnect: r.reconnectRows,
		partUpdates:   r.updatesRows,
		partVisible:   r.visibleRows,
		partSlow:      r.slowRows,
		partJitter:    r.jitterRows,
		partPersonal:  r.personalRows,
		partNaive:     r.naiveRows,
		partPeers:     r.peersRows,
	}
	var all []row
	for _, part := range allParts {
		if slices.Contains(parts, part) {
			all = append(all, of[part]()...)
		}
	}
	return all
}

// The units of the table in those of what is measured.
const (
	kB      = 1e3
	percent = 1e-2
	micro   = 1e-3
)

func (r *results) memoryRows() []row {
	return []row{
		{"memory for an idle connection, 8 views", median(r.memory) / kB, "kB", atMost(10)},
	}
}

func (r *results) idleRows() []row {
	return []row{
		{"processor time when idle", median(r.idle) / percent, "% of a core", atMost(2)},
	}
}

func (r *results) changesRows() []row {
	return []row{
		{"one change to all pages, p50", median(times(r.change, broadcast.half)), "ms", atMost(40)},
		{"  p99", median(times(r.change, broadcast.most)), "ms", atMost(110)},
		{"  slowest of all", slowest(times(r.change, broadcast.all)), "ms", target{}},
		{"  p50 against the bare loop", median(r.bareRatio), "×", atMost(1.25)},
		{"  processor time for a page", median(times(r.change, broadcast.each)) / micro, "µs", target{}},
		{"bare loop of writes, p50", median(times(r.bare, broadcast.half)), "ms", target{}},
		{"  p99", median(times(r.bare, broadcast.most)), "ms", target{}},
		{"  processor time for a page", median(times(r.bare, broadcast.each)) / micro, "µs", target{}},
	}
}

func (r *results) rendersRows() []row {
	return []row{
		{"renders for one change", slowest(r.renders), "", atMost(1)},
	}
}

func (r *results) reconnectRows() []row {
	return []row{
		{"back and right after kill -9", least(r.right) / percent, "%", atLeast(100)},
		{"  p50", median(times(r.reconnect, spread.half)), "ms", target{}},
		{"  p99", median(times(r.reconnect, spread.most)), "ms", atMost(1200)},
		{"  slowest of all", slowest(times(r.reconnect, spread.all)), "ms", target{}},
		{"  without a server for", median(r.outage), "ms", target{}},
		{"  overflows of the listen queue", median(r.overflows), "", target{}},
	}
}

func (r *results) updatesRows() []row {
	return []row{
		{"updates per second, 10 views each", median(r.updates) / 1e6, "M", atLeast(1)},
	}
}

func (r *results) personalRows() []row {
	return []row{
		{"memory, 2 of the 8 views personal", median(r.memoryPersonal) / kB, "kB", target{}},
	}
}

func (r *results) naiveRows() []row {
	return []row{
		{"memory of the naive peer", median(r.memoryNaive) / kB, "kB", target{}},
		{"naive peer, p50", median(times(r.naive, broadcast.half)), "ms", target{}},
		{"  p99", median(times(r.naive, broadcast.most)), "ms", target{}},
		{"  processor time for a page", median(times(r.naive, broadcast.each)) / micro, "µs", target{}},
	}
}

// peersRows are those of the peers that could be started.
func (r *results) peersRows() []row {
	var all []row
	for _, p := range r.peers {
		if len(p.sent) == 0 {
			all = append(all, row{p.name + ": " + p.missing, math.NaN(), "", target{}})
			continue
		}
		all = append(all,
			row{"memory of " + p.name, median(p.memory) / kB, "kB", target{}},
			row{p.name + ", p50", median(times(p.sent, broadcast.half)), "ms", target{}},
			row{"  p99", median(times(p.sent, broadcast.most)), "ms", target{}},
			row{"  processor time for a page", median(times(p.sent, broadcast.each)) / micro, "µs", target{}})
	}
	return all
}

// visibleRows are those of the browser; where there is none, nothing was
// measured.
func (r *results) visibleRows() []row {
	if len(r.visible) == 0 {
		return []row{{"write to visible: no Chromium here", math.NaN(), "", target{}}}
	}
	of := func(times []time.Duration, q float64) float64 { return milliseconds(quantile(times, q)) }
	return []row{
		{"write to visible in Chromium, p50", of(r.visible, 0.5), "ms", atMost(10)},
		{"  p99", of(r.visible, 0.99), "ms", atMost(50)},
		{"write to all visible in Chromium, p50", of(r.visibleAll, 0.5), "ms", target{}},
		{"  p99", of(r.visibleAll, 0.99), "ms", target{}},
	}
}

func (r *results) slowRows() []row {
	return []row{
		{"one change to all pages, p99, all of which read", median(times(r.attentive, broadcast.most)), "ms", target{}},
		{"  where 1 of 100 does not, to the others", median(times(r.besideSlow, broadcast.most)), "ms", target{}},
		{"  against before", median(r.slowRatio), "×", atMost(1.25)},
		{"slow readers that came back, and are right", least(r.slowRight) / percent, "%", atLeast(100)},
	}
}

func (r *results) jitterRows() []row {
	j := r.jittered
	return []row{
		{"jitter: pages that are right in the end", j.right / percent, "%", atLeast(100)},
		{"  cuts of a page", float64(j.cuts) / float64(j.pages), "", target{}},
		{"  what was missed, after the handshake, p50", milliseconds(quantile(j.fresh, 0.5)), "ms", target{}},
		{"  p99", milliseconds(quantile(j.fresh, 0.99)), "ms", target{}},
		{"  updates that went backwards", float64(j.backwards), "", target{}},
		{"  updates that came twice", float64(j.twice), "", target{}},
	}
}

func median(values []float64) float64  { return quantile(values, 0.5) }
func slowest(values []float64) float64 { return quantile(values, 1) }
func least(values []float64) float64   { return quantile(values, 0) }
