//go:build linux

package livebench

import (
	"context"

	"selvedge/cmd/bench/internal/report"
	"selvedge/cmd/bench/internal/workload"
)

// MeasureRenders counts the renderings of a change that all pages show.
func (b *Bench) MeasureRenders(ctx context.Context) error {
	if err := b.connectAll(ctx, workload.DefaultViews); err != nil {
		return err
	}
	var before, after int64
	if err := b.server.Call("Renders", nil, &before); err != nil {
		return err
	}
	if _, err := b.broadcast(ctx, b.plan.Connections, "Change"); err != nil {
		return err
	}
	if err := b.clients.Run(ctx, settleTime, nil); err != nil {
		return err
	}
	if err := b.server.Call("Renders", nil, &after); err != nil {
		return err
	}
	b.renders = append(b.renders, float64(after-before))
	return nil
}

func (b *Bench) renderLines() []report.Line {
	return []report.Line{
		report.Goal("renders for one change", report.Max(b.renders), "", report.AtMost(1)),
	}
}
