//go:build linux

package main

import (
	"slices"

	"selvedge/cmd/bench/internal/report"
	"selvedge/cmd/bench/internal/workload"
)

// value is a line of what was measured of a system, or of why it was not.
func (r *pageResults) value(row, system, figure, unit string, t report.Target) report.Line {
	what := "  " + system
	if why := r.absent[system]; why != "" {
		return report.Line{what, why}
	}
	return report.Goal(what, r.of(row, system, figure), unit, t)
}

// rate is the lines of a system's pages per second, and of what they cost.
func (r *pageResults) rate(row, system string) []report.Line {
	lines := []report.Line{r.value(row, system, rateFigure, "pages/s", report.Target{})}
	if r.absent[system] == "" {
		lines = append(lines, report.Value("    processor time for a page", r.of(row, system, costFigure), "µs"))
	}
	return lines
}

// ratio is the lines of what a system's rate is in comparison with another's,
// and of what it would be by the processor time of all that take part, which
// other programs disturb less. There are none if one was not measured.
func (r *pageResults) ratio(row, system, other string, least float64) []report.Line {
	if r.absent[system] != "" || r.absent[other] != "" {
		return nil
	}
	return []report.Line{
		report.Goal("    against "+other, r.against(row, rateFigure, system, other), "×", report.AtLeast(least)),
		report.Value("      by processor time", r.against(row, totalFigure, other, system), "×"),
	}
}

func (r *pageResults) cachedLines() []report.Line {
	lines := []report.Line{{"template and fragments cached"}}
	for _, ours := range []string{proxySystem, composedSystem} {
		lines = slices.Concat(lines, r.rate(cachedRow, ours),
			r.ratio(cachedRow, ours, bareSystem, 0.85),
			r.ratio(cachedRow, ours, nginxSystem, 2.5),
			r.ratio(cachedRow, ours, varnishSystem, 3))
	}
	return slices.Concat(lines, r.rate(cachedRow, bareSystem), r.rate(cachedRow, nginxSystem), r.rate(cachedRow, varnishSystem))
}

func (r *pageResults) uncachedLines() []report.Line {
	return slices.Concat(
		[]report.Line{{"fragments uncached, of the origin or in process"}},
		r.rate(uncachedRow, proxySystem),
		r.ratio(uncachedRow, proxySystem, nginxSystem, 0.6),
		r.ratio(uncachedRow, proxySystem, varnishSystem, 1.6),
		r.rate(uncachedRow, composedSystem),
		r.ratio(uncachedRow, composedSystem, nginxSystem, 2),
		r.rate(uncachedRow, nginxSystem),
		r.rate(uncachedRow, varnishSystem))
}

func (r *pageResults) slowLines() []report.Line {
	page, first := []report.Line{{"10 uncached fragments of 20 ms: the page"}}, []report.Line{{"  its first byte"}}
	for _, s := range []struct {
		name        string
		page, first report.Target
	}{
		{proxySystem, report.AtMost(22), report.AtMost(1)},
		{composedSystem, report.AtMost(22), report.AtMost(1)},
		{nginxSystem, report.Target{}, report.Target{}},
		{varnishSystem, report.Target{}, report.Target{}},
	} {
		page = append(page, r.value(slowRow, s.name, timeFigure, "ms", s.page))
		first = append(first, r.value(slowRow, s.name, firstFigure, "ms", s.first))
	}
	return append(page, first...)
}

func (r *pageResults) allocationLines() []report.Line {
	bare := r.of(allocationsRow, bareSystem, countFigure)
	more := r.of(allocationsRow, composedSystem, countFigure) - bare
	return []report.Line{
		report.Goal("allocations for a cached page, more than the bare handler", more, "", report.AtMost(10)),
		report.Value("  of the bare handler", bare, ""),
	}
}

func (r *pageResults) memoryLines() []report.Line {
	return []report.Line{report.Goal("memory of stored fragments of 1 KB, by their bytes", r.of(memoryRow, composedSystem, sizeFigure), "×", report.AtMost(1.5))}
}

func (r *pageResults) growthLines() []report.Line {
	var lines []report.Line
	for _, w := range slices.Concat(workload.ByIncludes, workload.BySize) {
		lines = append(lines, report.Line{"processor time for a cached page of " + w.Description()})
		for _, system := range []string{bareSystem, proxySystem, composedSystem} {
			lines = append(lines, r.value(w.String(), system, costFigure, "µs", report.Target{}))
		}
	}
	return lines
}
