//go:build linux

package livebench

import (
	"context"
	"errors"
	"time"

	"selvedge/cmd/bench/internal/report"
	"selvedge/cmd/bench/internal/workload"
	"selvedge/cmd/bench/internal/wsclient"
)

// A JitterPlan says how connections are cut while pages change.
type JitterPlan struct {
	Changes int
	Gap     time.Duration // between two of them
	Cuts    wsclient.CutPlan
}

// A jitterResult is that of connections that are cut.
type jitterResult struct {
	cuts      wsclient.CutStats
	backwards int     // updates to a revision older than the shown one
	right     float64 // share of the pages that show the last change
}

// MeasureJitter cuts the connections of all pages again and again while a view
// changes, and counts the pages that are right in the end. It takes a minute by
// the default plan, and is done in the first round only.
func (b *Bench) MeasureJitter(ctx context.Context) error {
	if b.jitter != nil {
		return nil
	}
	if err := b.renderAll(); err != nil {
		return err
	}
	if err := b.connect(ctx, b.plan.Connections, workload.DefaultViews, 0); err != nil {
		return err
	}
	b.jitter = new(jitterResult)
	b.clients.MaxDialing = b.plan.Connections
	err := b.paced("jitter", time.Duration(b.plan.Jitter.Changes)*b.plan.Jitter.Gap, func() error { return b.changeWhileCut(ctx) })
	if err != nil {
		return err
	}
	if err := b.awaitRight(ctx); err != nil {
		return err
	}
	b.jitter.backwards = b.clients.Counters.Backwards
	b.validity.Require(b.jitter.cuts.Cuts > 0 && len(b.jitter.cuts.CatchUps) > 0, "the jitter cut nothing")
	return nil
}

// cutInterval is the time between two looks for connections to cut.
const cutInterval = 20 * time.Millisecond

// changeWhileCut changes a view by the clock, and cuts the connections that are
// due.
func (b *Bench) changeWhileCut(ctx context.Context) error {
	b.clients.Reconnect = true
	b.clients.StartCuts(b.plan.Jitter.Cuts)
	defer func() {
		b.jitter.cuts = b.clients.StopCuts()
		b.clients.Reconnect = false
	}()
	next := time.Now()
	for range b.plan.Jitter.Changes {
		b.revision++
		call := b.server.Go("Change", workload.Change{Views: 1, Revision: b.revision, Size: workload.ViewSize})
		next = next.Add(b.plan.Jitter.Gap)
		for now := time.Now(); now.Before(next); now = time.Now() {
			b.clients.CutDue(now)
			if err := b.clients.Run(ctx, min(cutInterval, next.Sub(now)), nil); err != nil {
				return err
			}
		}
		if err := call.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// awaitRight waits until all pages are connected and show the last change.
func (b *Bench) awaitRight(ctx context.Context) error {
	n := b.plan.Connections
	b.clients.Reconnect = true
	err := b.clients.Run(ctx, returnTimeout, func() bool { return b.clients.Open() == n && b.clients.Showing(b.revision) == n })
	b.clients.Reconnect = false
	if errors.Is(err, wsclient.ErrTimeout) {
		err = nil
	}
	b.jitter.right = float64(b.clients.Showing(b.revision)) / float64(n)
	return err
}

func (b *Bench) jitterLines() []report.Line {
	r := b.jitter
	quantile := func(q float64) float64 { return report.Milliseconds(report.Quantile(r.cuts.CatchUps, q)) }
	return []report.Line{
		report.Goal("jitter: pages that are right in the end", r.right/percent, "%", report.AtLeast(100)),
		report.Value("  cuts of a page", float64(r.cuts.Cuts)/float64(b.plan.Connections), ""),
		report.Value("  what was missed, after the handshake, p50", quantile(0.5), "ms"),
		report.Value("  p99", quantile(0.99), "ms"),
		report.Value("  updates that went backwards", float64(r.backwards), ""),
		report.Value("  updates that came twice", float64(r.cuts.Repeated), ""),
	}
}
