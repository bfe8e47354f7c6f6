//go:build linux

package main

import (
	"context"
	"errors"
	"time"

	"selvedge/cmd/bench/internal/report"
	"selvedge/cmd/bench/internal/workload"
)

// measureChanges measures how long one change takes to reach all pages, and
// in turn the same bytes by a bare loop of writes to the same sockets.
func (b *bench) measureChanges(ctx context.Context) error {
	if err := b.shown(ctx, workload.DefaultViews); err != nil {
		return err
	}
	sent, err := b.broadcasts(ctx, b.connections, "Change", "BareLoop")
	if err != nil {
		return err
	}
	change, bare := sent[0], sent[1]
	b.change = append(b.change, change...)
	b.bare = append(b.bare, bare...)
	b.bareRatio = append(b.bareRatio, report.Median(report.Times(change, broadcast.P50))/report.Median(report.Times(bare, broadcast.P50)))
	return nil
}

// measurePeer measures the same of a peer.
func (b *bench) measurePeer(into *[]broadcast) func(context.Context) error {
	return func(ctx context.Context) error {
		if err := b.shown(ctx, workload.DefaultViews); err != nil {
			return err
		}
		sent, err := b.broadcasts(ctx, b.connections, "Change")
		if err != nil {
			return err
		}
		*into = append(*into, sent[0]...)
		return nil
	}
}

// broadcasts sends changes in each of some ways, in turn and by the clock, to so
// many pages that read. The first of each way is not counted.
func (b *bench) broadcasts(ctx context.Context, pages int, ways ...string) ([][]broadcast, error) {
	sent := make([][]broadcast, len(ways))
	messages, count := b.swarm.messages, (b.changes+1)*len(ways)
	err := b.watched("changes", time.Duration(count)*b.gap, func() error {
		next := time.Now()
		for i := range count {
			way := i % len(ways)
			took, err := b.broadcast(ctx, pages, ways[way])
			if err != nil {
				return err
			}
			if i >= len(ways) {
				sent[way] = append(sent[way], took)
			}
			next = next.Add(b.gap)
			if err := b.swarm.run(ctx, time.Until(next), nil); err != nil {
				return err
			}
		}
		return nil
	})
	messages = b.swarm.messages - messages
	b.Require(messages == count*pages, "%d messages came and not %d", messages, count*pages)
	return sent, err
}

// arrivalTime is how long a change may take to all pages.
const arrivalTime = 10 * time.Second

// broadcast sends one change to all pages, of which so many read. The time is that of this process
// alone, and begins before the server is told.
func (b *bench) broadcast(ctx context.Context, pages int, way string) (broadcast, error) {
	var before, after time.Duration
	if err := b.server.Call("Usage", nil, &before); err != nil {
		return broadcast{}, err
	}
	b.revision++
	w := b.swarm.expect(b.revision, 1)
	call := b.server.Go(way, workload.Change{Views: 1, Revision: b.revision, Size: workload.ViewSize})
	err := b.swarm.arrive(ctx, arrivalTime, pages)
	if errors.Is(err, errTime) {
		b.Require(false, "%d of %d pages were sent a change", len(w.times), pages)
		err = nil
	}
	if err := errors.Join(err, call.Wait(), b.server.Call("Usage", nil, &after)); err != nil {
		return broadcast{}, err
	}
	return broadcast{report.SpreadOf(w.times), (after - before) / time.Duration(pages)}, nil
}
