//go:build linux

package pagebench

import (
	"context"
	"slices"

	"selvedge/cmd/bench/internal/report"
	"selvedge/cmd/bench/internal/workload"
)

// MeasureCached measures the pages per second of all systems if template and
// fragments are stored.
func (b *Bench) MeasureCached(ctx context.Context, round int) error {
	systems := b.present(round, bareSystem, proxySystem, composedSystem, nginxSystem, varnishSystem)
	return b.measureRates(ctx, round, Cached, workload.Cached, systems)
}

// MeasureUncached measures the pages per second of all systems but the bare
// handler, if fragments may not be stored.
func (b *Bench) MeasureUncached(ctx context.Context, round int) error {
	systems := b.present(round, proxySystem, composedSystem, nginxSystem, varnishSystem)
	return b.measureRates(ctx, round, Uncached, workload.Uncached, systems)
}

func (b *Bench) measureRates(ctx context.Context, round int, row string, k workload.Kind, systems []*system) error {
	for _, s := range systems {
		sample, err := b.visit(ctx, s, visit{
			row: row, round: round, kind: k, page: workload.Usual, connections: b.plan.Connections, duration: b.plan.Duration,
		})
		if err != nil {
			return err
		}
		b.samples.add(row, s.name, rateFigure, sample.Rate())
		b.samples.add(row, s.name, costFigure, sample.ServerCost())
		b.samples.add(row, s.name, totalFigure, sample.TotalCost())
	}
	return nil
}

func (b *Bench) cachedLines() []report.Line {
	lines := []report.Line{{"template and fragments cached"}}
	for _, ours := range []string{proxySystem, composedSystem} {
		lines = slices.Concat(lines, b.rateLines(Cached, ours),
			b.ratioLines(Cached, ours, bareSystem, 0.85),
			b.ratioLines(Cached, ours, nginxSystem, 2.5),
			b.ratioLines(Cached, ours, varnishSystem, 3))
	}
	return slices.Concat(lines, b.rateLines(Cached, bareSystem), b.rateLines(Cached, nginxSystem), b.rateLines(Cached, varnishSystem))
}

func (b *Bench) uncachedLines() []report.Line {
	return slices.Concat(
		[]report.Line{{"fragments uncached, of the origin or in process"}},
		b.rateLines(Uncached, proxySystem),
		b.ratioLines(Uncached, proxySystem, nginxSystem, 0.6),
		b.ratioLines(Uncached, proxySystem, varnishSystem, 1.6),
		b.rateLines(Uncached, composedSystem),
		b.ratioLines(Uncached, composedSystem, nginxSystem, 2),
		b.rateLines(Uncached, nginxSystem),
		b.rateLines(Uncached, varnishSystem))
}

// rateLines returns the lines of a system's pages per second and their cost.
func (b *Bench) rateLines(row, system string) []report.Line {
	lines := []report.Line{b.line(row, system, rateFigure, "pages/s", report.Target{})}
	if b.absent[system] == "" {
		lines = append(lines, report.Value("    processor time for a page", b.samples.median(row, system, costFigure), "µs"))
	}
	return lines
}

// ratioLines returns the lines of the ratio of two systems' rates, and of the
// ratio of their costs with client and origin. Other programs disturb the ratio
// of costs less. There are no lines if a system was not measured.
func (b *Bench) ratioLines(row, system, other string, least float64) []report.Line {
	if b.absent[system] != "" || b.absent[other] != "" {
		return nil
	}
	return []report.Line{
		report.Goal("    against "+other, b.samples.medianRatio(row, rateFigure, system, other), "×", report.AtLeast(least)),
		report.Value("      by processor time", b.samples.medianRatio(row, totalFigure, other, system), "×"),
	}
}
