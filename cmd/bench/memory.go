//go:build linux

package main

import (
	"context"
	"time"

	"selvedge/cmd/bench/internal/workload"
	"selvedge/cmd/internal/footprint"
)

// warmUp is how many connections a server has had before its memory is
// measured, so that what it needs once is not counted.
const warmUp = 100

// measureMemory measures what the server process takes for a connection: the
// difference in resident memory, divided. All pages are connected afterwards.
func (b *bench) measureMemory(personal int, into *[]float64) func(context.Context) error {
	return func(ctx context.Context) error {
		var before, after footprint.Footprint
		if err := b.footprint(ctx, min(warmUp, b.connections), personal, &before); err != nil {
			return err
		}
		b.swarm.disconnect()
		if err := b.footprint(ctx, 0, personal, &before); err != nil {
			return err
		}
		messages, begun := b.swarm.messages, time.Now()
		if err := b.footprint(ctx, b.connections, personal, &after); err != nil {
			return err
		}
		b.Require(b.swarm.messages == messages, "%d messages came when nothing had changed", b.swarm.messages-messages)
		n := float64(b.connections)
		*into = append(*into, float64(after.Resident-before.Resident)/n)
		b.say("  memory: %d connections after %v; of each %.0f bytes of heap, %.0f of stacks, %.1f goroutines",
			b.swarm.open, time.Since(begun).Round(time.Millisecond), float64(after.Heap-before.Heap)/n,
			float64(after.Stacks-before.Stacks)/n, float64(after.Goroutines-before.Goroutines)/n)
		return nil
	}
}

// quiet is long enough for a server to be done with what clients did.
const quiet = 300 * time.Millisecond

// footprint connects n pages, and says what the server takes when all is
// quiet.
func (b *bench) footprint(ctx context.Context, n, personal int, f *footprint.Footprint) error {
	if err := b.swarm.connect(ctx, n, b.server.Greeting, workload.DefaultViews, personal); err != nil {
		return err
	}
	if err := b.swarm.run(ctx, quiet, nil); err != nil {
		return err
	}
	return b.server.Call("Settle", nil, f)
}
