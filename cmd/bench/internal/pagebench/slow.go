//go:build linux

package pagebench

import (
	"context"

	"selvedge/cmd/bench/internal/report"
	"selvedge/cmd/bench/internal/workload"
)

// MeasureSlow measures how long a single visitor waits for a page whose
// fragments are slow, and for its first byte.
func (b *Bench) MeasureSlow(ctx context.Context, round int) error {
	for _, s := range b.present(round, proxySystem, composedSystem, nginxSystem, varnishSystem) {
		sample, err := b.visit(ctx, s, visit{
			row: Slow, round: round, kind: workload.Slow, page: workload.Usual, connections: 1, duration: b.plan.Duration,
		})
		if err != nil {
			return err
		}
		b.samples.add(Slow, s.name, latencyFigure, report.Milliseconds(report.Quantile(sample.Latencies, 0.5)))
		b.samples.add(Slow, s.name, firstByteFigure, report.Milliseconds(report.Quantile(sample.FirstBytes, 0.5)))
	}
	return nil
}

func (b *Bench) slowLines() []report.Line {
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
		page = append(page, b.line(Slow, s.name, latencyFigure, "ms", s.page))
		first = append(first, b.line(Slow, s.name, firstByteFigure, "ms", s.first))
	}
	return append(page, first...)
}
