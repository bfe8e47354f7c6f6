//go:build linux

package livebench

import (
	"context"
	"time"

	"selvedge/cmd/bench/internal/report"
	"selvedge/cmd/bench/internal/workload"
)

// MeasureIdle measures the processor time of a server whose connections do
// nothing but answer pings. Each connection is pinged at the hub's default
// interval, with a phase of its own.
func (b *Bench) MeasureIdle(ctx context.Context) error {
	if err := b.connectAll(ctx, workload.DefaultViews); err != nil {
		return err
	}
	return b.paced("idle", b.plan.IdleFor, func() error {
		var before, after time.Duration
		if err := b.server.Call("Usage", nil, &before); err != nil {
			return err
		}
		pings, begun := b.clients.Counters.Pings, time.Now()
		if err := b.clients.Run(ctx, b.plan.IdleFor, nil); err != nil {
			return err
		}
		if err := b.server.Call("Usage", nil, &after); err != nil {
			return err
		}
		took := time.Since(begun)
		pings = b.clients.Counters.Pings - pings
		expected := float64(b.plan.Connections) * float64(took) / float64(b.plan.Ping)
		b.validity.Require(report.Plausible(pings, expected), "%d pings came while idle and not %.0f", pings, expected)
		b.idle = append(b.idle, float64(after-before)/float64(took))
		return nil
	})
}

func (b *Bench) idleLines() []report.Line {
	return []report.Line{
		report.Goal("processor time when idle", report.Median(b.idle)/percent, "% of a core", report.AtMost(2)),
	}
}
