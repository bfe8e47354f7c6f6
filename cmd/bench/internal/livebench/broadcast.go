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

// A broadcast is one change to all pages.
type broadcast struct {
	latency report.Spread // until a page shows the change
	perPage time.Duration // processor time of the server for a page
}

func (b broadcast) p50() time.Duration  { return b.latency.P50() }
func (b broadcast) p99() time.Duration  { return b.latency.P99() }
func (b broadcast) max() time.Duration  { return b.latency.Max() }
func (b broadcast) cost() time.Duration { return b.perPage }

// broadcasts sends changes by the clock, each by the next of some orders, to all
// pages of which a number read. It returns the broadcasts of each order, without
// the first one.
func (b *Bench) broadcasts(ctx context.Context, reading int, orders ...string) ([][]broadcast, error) {
	sent := make([][]broadcast, len(orders))
	messages, count := b.clients.Counters.Messages, (b.plan.Changes+1)*len(orders)
	err := b.paced("changes", time.Duration(count)*b.plan.Gap, func() error {
		next := time.Now()
		for i := range count {
			order := i % len(orders)
			sample, err := b.broadcast(ctx, reading, orders[order])
			if err != nil {
				return err
			}
			if i >= len(orders) {
				sent[order] = append(sent[order], sample)
			}
			next = next.Add(b.plan.Gap)
			if err := b.clients.Run(ctx, time.Until(next), nil); err != nil {
				return err
			}
		}
		return nil
	})
	messages = b.clients.Counters.Messages - messages
	b.validity.Require(messages == count*reading, "%d messages came and not %d", messages, count*reading)
	return sent, err
}

// arrivalTimeout is the longest time for a change to reach all pages.
const arrivalTimeout = 10 * time.Second

// broadcast sends one change to all pages, of which a number read. The latency
// is of the clock of this process, and begins before the order.
func (b *Bench) broadcast(ctx context.Context, reading int, order string) (broadcast, error) {
	var before, after time.Duration
	if err := b.server.Call("Usage", nil, &before); err != nil {
		return broadcast{}, err
	}
	b.revision++
	w := b.clients.Expect(b.revision, 1)
	call := b.server.Go(order, workload.Change{Views: 1, Revision: b.revision, Size: workload.ViewSize})
	err := b.clients.Await(ctx, arrivalTimeout, reading)
	if errors.Is(err, wsclient.ErrTimeout) {
		b.validity.Require(false, "%d of %d pages were sent a change", len(w.Times), reading)
		err = nil
	}
	if err := errors.Join(err, call.Wait(), b.server.Call("Usage", nil, &after)); err != nil {
		return broadcast{}, err
	}
	return broadcast{report.SpreadOf(w.Times), (after - before) / time.Duration(reading)}, nil
}
