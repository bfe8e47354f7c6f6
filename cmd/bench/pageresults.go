//go:build linux

package main

import "selvedge/cmd/bench/internal/report"

// The names of what is measured, as the table has them.
const (
	bareSystem     = "bare handler"
	proxySystem    = "ours, as a proxy"
	composedSystem = "ours, in process"
	nginxSystem    = "nginx"
	varnishSystem  = "Varnish"
)

// notInstalled is said of a program that the machine does not have.
const notInstalled = "not installed"

// The figures that are measured.
const (
	rateFigure  = "pages per second"
	costFigure  = "processor time of the server for a page, in microseconds"
	totalFigure = "the same of client, server and origin"
	timeFigure  = "time for a page"
	firstFigure = "time until its first byte"
	countFigure = "allocations for a page"
	sizeFigure  = "memory by what is stored in it"
)

// A cell is what is measured once in each round.
type cell struct{ row, system, figure string }

// pageResults are what was measured of pages.
type pageResults struct {
	report.Validity
	samples map[cell][]float64 // round by round
	absent  map[string]string  // systems that were not measured, and why
}

func (r *pageResults) add(row, system, figure string, value float64) {
	c := cell{row, system, figure}
	r.samples[c] = append(r.samples[c], value)
}

// of is the median of what was measured of a system.
func (r *pageResults) of(row, system, figure string) float64 {
	return report.Median(r.samples[cell{row, system, figure}])
}

// against is the median of the ratios of two systems' figures, round by round.
func (r *pageResults) against(row, figure, system, other string) float64 {
	return report.Median(report.Ratios(r.samples[cell{row, system, figure}], r.samples[cell{row, other, figure}]))
}

// lines are what the table shows of the rows that were planned.
func (r *pageResults) lines(p pagePlan) []report.Line {
	var lines []report.Line
	for _, row := range []struct {
		name  string
		lines func() []report.Line
	}{
		{cachedRow, r.cachedLines},
		{uncachedRow, r.uncachedLines},
		{slowRow, r.slowLines},
		{allocationsRow, r.allocationLines},
		{memoryRow, r.memoryLines},
		{growthRow, r.growthLines},
	} {
		if p.has(row.name) {
			lines = append(lines, row.lines()...)
		}
	}
	return lines
}
