//go:build linux

package pagebench

import (
	"context"

	"selvedge/cmd/bench/internal/report"
	"selvedge/cmd/bench/internal/workload"
)

// MeasureAllocations counts the allocations for a cached page in process, and
// those for a page of the bare handler. Both are requested over connections, so
// that allocations which we cause in net/http count too.
func (b *Bench) MeasureAllocations(ctx context.Context, round int) error {
	for _, s := range b.present(round, bareSystem, composedSystem) {
		var before, after uint64
		if err := s.process.Call("Allocations", nil, &before); err != nil {
			return err
		}
		sample, err := b.visit(ctx, s, visit{
			row: Allocations, round: round, kind: workload.Cached, page: workload.Usual, connections: b.plan.Connections, duration: b.plan.Duration / 3,
		})
		if err != nil {
			return err
		}
		if err := s.process.Call("Allocations", nil, &after); err != nil {
			return err
		}
		b.samples.add(Allocations, s.name, countFigure, float64(after-before)/float64(sample.Total))
	}
	return nil
}

func (b *Bench) allocationLines() []report.Line {
	bare := b.samples.median(Allocations, bareSystem, countFigure)
	more := b.samples.median(Allocations, composedSystem, countFigure) - bare
	return []report.Line{
		report.Goal("allocations for a cached page, more than the bare handler", more, "", report.AtMost(10)),
		report.Value("  of the bare handler", bare, ""),
	}
}
