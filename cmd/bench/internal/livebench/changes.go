//go:build linux

package livebench

import (
	"context"

	"selvedge/cmd/bench/internal/report"
	"selvedge/cmd/bench/internal/workload"
)

// changeSamples are those of the hub and of the bare loop.
type changeSamples struct {
	hub, bareLoop []broadcast
	ratios        []float64 // of the medians of both, by round
}

// MeasureChanges measures the time of one change to all pages and, in turn, of
// the same bytes by a bare loop of writes to the same sockets.
func (b *Bench) MeasureChanges(ctx context.Context) error {
	if err := b.connectAll(ctx, workload.DefaultViews); err != nil {
		return err
	}
	sent, err := b.broadcasts(ctx, b.plan.Connections, "Change", "BareLoop")
	if err != nil {
		return err
	}
	hub, bareLoop := sent[0], sent[1]
	b.changes.hub = append(b.changes.hub, hub...)
	b.changes.bareLoop = append(b.changes.bareLoop, bareLoop...)
	b.changes.ratios = append(b.changes.ratios, medianOf(hub, broadcast.p50)/medianOf(bareLoop, broadcast.p50))
	return nil
}

func (b *Bench) changeLines() []report.Line {
	hub, bareLoop := b.changes.hub, b.changes.bareLoop
	return []report.Line{
		report.Goal("one change to all pages, p50", medianOf(hub, broadcast.p50), "ms", report.AtMost(40)),
		report.Goal("  p99", medianOf(hub, broadcast.p99), "ms", report.AtMost(110)),
		report.Value("  slowest of all", maxOf(hub, broadcast.max), "ms"),
		report.Goal("  p50 against the bare loop", report.Median(b.changes.ratios), "×", report.AtMost(1.25)),
		report.Value("  processor time for a page", medianOf(hub, broadcast.cost)/microsecond, "µs"),
		report.Value("bare loop of writes, p50", medianOf(bareLoop, broadcast.p50), "ms"),
		report.Value("  p99", medianOf(bareLoop, broadcast.p99), "ms"),
		report.Value("  processor time for a page", medianOf(bareLoop, broadcast.cost)/microsecond, "µs"),
	}
}
