//go:build linux

package livebench

import (
	"context"
	"errors"
	"time"

	"selvedge/cmd/bench/internal/process"
	"selvedge/cmd/bench/internal/report"
	"selvedge/cmd/bench/internal/workload"
	"selvedge/cmd/bench/internal/wsclient"
)

// changeInterval is the time between changes of all views: the hub's default
// between two flushes.
const changeInterval = 20 * time.Millisecond

// MeasureUpdates measures the updates per second that reach the pages while ten
// views of each change all the time. In the end all pages must show the last
// change.
func (b *Bench) MeasureUpdates(ctx context.Context) error {
	if err := b.connectAll(ctx, workload.MaxViews); err != nil {
		return err
	}
	err := b.paced("updates", b.plan.UpdateFor, func() error {
		updates, begun := b.clients.Counters.Updates, time.Now()
		if err := b.changeAll(ctx, begun.Add(b.plan.UpdateFor)); err != nil {
			return err
		}
		updates = b.clients.Counters.Updates - updates
		b.validity.Require(updates > 0, "no updates came")
		b.updates = append(b.updates, float64(updates)/time.Since(begun).Seconds())
		return nil
	})
	if err != nil {
		return err
	}
	return b.converge(ctx)
}

// changeAll changes all views at each interval until end. A server that has not
// carried out a change in time skips the next one.
func (b *Bench) changeAll(ctx context.Context, end time.Time) error {
	call := b.changeViews()
	for next := time.Now(); next.Before(end); {
		next = next.Add(changeInterval)
		if err := b.clients.Run(ctx, time.Until(next), nil); err != nil {
			return err
		}
		if call.Done() {
			if err := call.Wait(); err != nil {
				return err
			}
			call = b.changeViews()
		}
	}
	return call.Wait()
}

func (b *Bench) changeViews() *process.Order {
	b.revision++
	return b.server.Go("Change", workload.Change{Views: workload.MaxViews, Revision: b.revision, Size: workload.SmallViewSize})
}

// converge sends a last change, and requires that all pages show it.
func (b *Bench) converge(ctx context.Context) error {
	w := b.clients.Expect(b.revision+1, workload.MaxViews)
	call := b.changeViews()
	err := b.clients.Await(ctx, arrivalTimeout, b.plan.Connections)
	if errors.Is(err, wsclient.ErrTimeout) {
		b.validity.Require(false, "%d of %d pages show the last change", len(w.Times), b.plan.Connections)
		err = nil
	}
	return errors.Join(err, call.Wait())
}

func (b *Bench) updateLines() []report.Line {
	return []report.Line{
		report.Goal("updates per second, 10 views each", report.Median(b.updates)/1e6, "M", report.AtLeast(1)),
	}
}
