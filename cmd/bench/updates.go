//go:build linux

package main

import (
	"context"
	"errors"
	"time"

	"selvedge/cmd/bench/internal/process"
	"selvedge/cmd/bench/internal/workload"
)

// tick is the time between changes of all views: that of the hub's default
// between two rounds of writing.
const tick = 20 * time.Millisecond

// measureUpdates measures how many updates reach the pages when ten views of
// each change all the time. In the end all pages must show the last change.
func (b *bench) measureUpdates(ctx context.Context) error {
	if err := b.shown(ctx, workload.MaxViews); err != nil {
		return err
	}
	err := b.watched("updates", b.updateFor, func() error {
		updates, begun := b.swarm.updates, time.Now()
		if err := b.changeAll(ctx, begun.Add(b.updateFor)); err != nil {
			return err
		}
		updates = b.swarm.updates - updates
		b.Require(updates > 0, "no updates came")
		b.updates = append(b.updates, float64(updates)/time.Since(begun).Seconds())
		return nil
	})
	if err != nil {
		return err
	}
	return b.converge(ctx)
}

// changeAll changes all views at each tick until end. A server that has not
// taken the change of one tick is spared the next.
func (b *bench) changeAll(ctx context.Context, end time.Time) error {
	call := b.changeViews()
	for next := time.Now(); next.Before(end); {
		next = next.Add(tick)
		if err := b.swarm.run(ctx, time.Until(next), nil); err != nil {
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

func (b *bench) changeViews() *process.Order {
	b.revision++
	return b.server.Go("Change", workload.Change{Views: workload.MaxViews, Revision: b.revision, Size: workload.SmallViewSize})
}

// converge sends a last change, and requires that all pages show it.
func (b *bench) converge(ctx context.Context) error {
	w := b.swarm.expect(b.revision+1, workload.MaxViews)
	call := b.changeViews()
	err := b.swarm.arrive(ctx, arrivalTime, b.connections)
	if errors.Is(err, errTime) {
		b.Require(false, "%d of %d pages show the last change", len(w.times), b.connections)
		err = nil
	}
	return errors.Join(err, call.Wait())
}
