package main

import (
	"math"
	"slices"
	"time"

	"selvedge/cmd/bench/internal/report"
)

// rows are what the table shows of the parts that were measured: medians, but
// for the slowest.
func (r *results) rows(parts []string) []report.Line {
	of := map[string]func() []report.Line{
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
	var all []report.Line
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

func (r *results) memoryRows() []report.Line {
	return []report.Line{
		report.Value("memory for an idle connection, 8 views", report.Median(r.memory)/kB, "kB", report.AtMost(10)),
	}
}

func (r *results) idleRows() []report.Line {
	return []report.Line{
		report.Value("processor time when idle", report.Median(r.idle)/percent, "% of a core", report.AtMost(2)),
	}
}

func (r *results) changesRows() []report.Line {
	return []report.Line{
		report.Value("one change to all pages, p50", report.Median(report.Times(r.change, broadcast.P50)), "ms", report.AtMost(40)),
		report.Value("  p99", report.Median(report.Times(r.change, broadcast.P99)), "ms", report.AtMost(110)),
		report.Value("  slowest of all", report.Max(report.Times(r.change, broadcast.Max)), "ms", report.Target{}),
		report.Value("  p50 against the bare loop", report.Median(r.bareRatio), "×", report.AtMost(1.25)),
		report.Value("  processor time for a page", report.Median(report.Times(r.change, broadcast.each))/micro, "µs", report.Target{}),
		report.Value("bare loop of writes, p50", report.Median(report.Times(r.bare, broadcast.P50)), "ms", report.Target{}),
		report.Value("  p99", report.Median(report.Times(r.bare, broadcast.P99)), "ms", report.Target{}),
		report.Value("  processor time for a page", report.Median(report.Times(r.bare, broadcast.each))/micro, "µs", report.Target{}),
	}
}

func (r *results) rendersRows() []report.Line {
	return []report.Line{
		report.Value("renders for one change", report.Max(r.renders), "", report.AtMost(1)),
	}
}

func (r *results) reconnectRows() []report.Line {
	return []report.Line{
		report.Value("back and right after kill -9", report.Min(r.right)/percent, "%", report.AtLeast(100)),
		report.Value("  p50", report.Median(report.Times(r.reconnect, report.Spread.P50)), "ms", report.Target{}),
		report.Value("  p99", report.Median(report.Times(r.reconnect, report.Spread.P99)), "ms", report.AtMost(1200)),
		report.Value("  slowest of all", report.Max(report.Times(r.reconnect, report.Spread.Max)), "ms", report.Target{}),
		report.Value("  without a server for", report.Median(r.outage), "ms", report.Target{}),
		report.Value("  overflows of the listen queue", report.Median(r.overflows), "", report.Target{}),
	}
}

func (r *results) updatesRows() []report.Line {
	return []report.Line{
		report.Value("updates per second, 10 views each", report.Median(r.updates)/1e6, "M", report.AtLeast(1)),
	}
}

func (r *results) personalRows() []report.Line {
	return []report.Line{
		report.Value("memory, 2 of the 8 views personal", report.Median(r.memoryPersonal)/kB, "kB", report.Target{}),
	}
}

func (r *results) naiveRows() []report.Line {
	return []report.Line{
		report.Value("memory of the naive peer", report.Median(r.memoryNaive)/kB, "kB", report.Target{}),
		report.Value("naive peer, p50", report.Median(report.Times(r.naive, broadcast.P50)), "ms", report.Target{}),
		report.Value("  p99", report.Median(report.Times(r.naive, broadcast.P99)), "ms", report.Target{}),
		report.Value("  processor time for a page", report.Median(report.Times(r.naive, broadcast.each))/micro, "µs", report.Target{}),
	}
}

// peersRows are those of the peers that could be started.
func (r *results) peersRows() []report.Line {
	var all []report.Line
	for _, p := range r.peers {
		if len(p.sent) == 0 {
			all = append(all, report.Value(p.Name+": "+p.missing, math.NaN(), "", report.Target{}))
			continue
		}
		all = append(all,
			report.Value("memory of "+p.Name, report.Median(p.memory)/kB, "kB", report.Target{}),
			report.Value(p.Name+", p50", report.Median(report.Times(p.sent, broadcast.P50)), "ms", report.Target{}),
			report.Value("  p99", report.Median(report.Times(p.sent, broadcast.P99)), "ms", report.Target{}),
			report.Value("  processor time for a page", report.Median(report.Times(p.sent, broadcast.each))/micro, "µs", report.Target{}))
	}
	return all
}

// visibleRows are those of the browser; where there is none, nothing was
// measured.
func (r *results) visibleRows() []report.Line {
	if len(r.visible) == 0 {
		return []report.Line{report.Value("write to visible: no Chromium here", math.NaN(), "", report.Target{})}
	}
	of := func(times []time.Duration, q float64) float64 { return report.Milliseconds(report.Quantile(times, q)) }
	return []report.Line{
		report.Value("write to visible in Chromium, p50", of(r.visible, 0.5), "ms", report.AtMost(10)),
		report.Value("  p99", of(r.visible, 0.99), "ms", report.AtMost(50)),
		report.Value("write to all visible in Chromium, p50", of(r.visibleAll, 0.5), "ms", report.Target{}),
		report.Value("  p99", of(r.visibleAll, 0.99), "ms", report.Target{}),
	}
}

func (r *results) slowRows() []report.Line {
	return []report.Line{
		report.Value("one change to all pages, p99, all of which read", report.Median(report.Times(r.attentive, broadcast.P99)), "ms", report.Target{}),
		report.Value("  where 1 of 100 does not, to the others", report.Median(report.Times(r.besideSlow, broadcast.P99)), "ms", report.Target{}),
		report.Value("  against before", report.Median(r.slowRatio), "×", report.AtMost(1.25)),
		report.Value("slow readers that came back, and are right", report.Min(r.slowRight)/percent, "%", report.AtLeast(100)),
	}
}

func (r *results) jitterRows() []report.Line {
	j := r.jittered
	return []report.Line{
		report.Value("jitter: pages that are right in the end", j.right/percent, "%", report.AtLeast(100)),
		report.Value("  cuts of a page", float64(j.cuts)/float64(j.pages), "", report.Target{}),
		report.Value("  what was missed, after the handshake, p50", report.Milliseconds(report.Quantile(j.fresh, 0.5)), "ms", report.Target{}),
		report.Value("  p99", report.Milliseconds(report.Quantile(j.fresh, 0.99)), "ms", report.Target{}),
		report.Value("  updates that went backwards", float64(j.backwards), "", report.Target{}),
		report.Value("  updates that came twice", float64(j.twice), "", report.Target{}),
	}
}
