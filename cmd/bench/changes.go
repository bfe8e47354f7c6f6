//go:build linux

package main

import (
	"context"
	"errors"
	"time"
)

// measureChanges measures how long one change takes to reach all pages, and
// in turn the same bytes by a bare loop of writes to the same sockets.
func (b *bench) measureChanges(ctx context.Context) error {
	spreads, err := b.broadcasts(ctx, "Change", "Bare")
	if err != nil {
		return err
	}
	change, bare := spreads[0], spreads[1]
	b.change = append(b.change, change...)
	b.bare = append(b.bare, bare...)
	b.bareRatio = append(b.bareRatio, median(times(change, p50))/median(times(bare, p50)))
	return nil
}

// measureNaive measures the same of the naive peer.
func (b *bench) measureNaive(ctx context.Context) error {
	spreads, err := b.broadcasts(ctx, "Change")
	if err != nil {
		return err
	}
	b.naive = append(b.naive, spreads[0]...)
	return nil
}

// broadcasts sends changes in each of some ways, in turn and by the clock, so
// that a slow one does not delay the next. The first of each way is not
// counted.
func (b *bench) broadcasts(ctx context.Context, ways ...string) ([][]spread, error) {
	spreads := make([][]spread, len(ways))
	messages := b.swarm.messages
	sent := (b.changes + 1) * len(ways)
	err := b.watched("changes", time.Duration(sent)*b.gap, func() error {
		begun := time.Now()
		for i := range sent {
			s, err := b.broadcast(ctx, ways[i%len(ways)])
			if err != nil {
				return err
			}
			if i >= len(ways) {
				spreads[i%len(ways)] = append(spreads[i%len(ways)], s)
			}
			if err := b.swarm.run(ctx, time.Until(begun.Add(time.Duration(i+1)*b.gap)), nil); err != nil {
				return err
			}
		}
		return nil
	})
	messages = b.swarm.messages - messages
	b.require(messages == sent*b.connections, "%d messages came and not %d", messages, sent*b.connections)
	return spreads, err
}

// arrivalTime is how long a change may take to all pages.
const arrivalTime = 10 * time.Second

// broadcast sends one change to all pages. The time is that of this process
// alone, and begins before the server is told.
func (b *bench) broadcast(ctx context.Context, way string) (spread, error) {
	b.revision++
	w := b.swarm.expect(b.revision, 1)
	call := b.server.order(way, Change{Views: 1, Revision: b.revision, Size: changeSize})
	err := b.swarm.arrive(ctx, arrivalTime, b.connections)
	if errors.Is(err, errTime) {
		b.require(false, "%d of %d pages were sent a change", len(w.times), b.connections)
		err = nil
	}
	return spreadOf(w.times), errors.Join(err, wait(call))
}
