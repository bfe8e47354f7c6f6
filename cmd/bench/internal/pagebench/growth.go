//go:build linux

package pagebench

import (
	"context"
	"slices"

	"selvedge/cmd/bench/internal/report"
	"selvedge/cmd/bench/internal/workload"
)

// MeasureGrowth measures the processor time of cached pages by their number of
// includes and by their size.
func (b *Bench) MeasureGrowth(ctx context.Context, round int) error {
	for _, p := range slices.Concat(workload.ByIncludes, workload.BySize) {
		for _, s := range b.present(round, bareSystem, proxySystem, composedSystem) {
			sample, err := b.visit(ctx, s, visit{
				row: p.String(), round: round, kind: workload.Cached, page: p, connections: b.plan.Connections, duration: b.plan.Duration / 3,
			})
			if err != nil {
				return err
			}
			b.samples.add(p.String(), s.name, costFigure, sample.ServerCost())
		}
	}
	return nil
}

func (b *Bench) growthLines() []report.Line {
	var lines []report.Line
	for _, p := range slices.Concat(workload.ByIncludes, workload.BySize) {
		lines = append(lines, report.Line{"processor time for a cached page of " + p.Description()})
		for _, system := range []string{bareSystem, proxySystem, composedSystem} {
			lines = append(lines, b.line(p.String(), system, costFigure, "µs", report.Target{}))
		}
	}
	return lines
}
