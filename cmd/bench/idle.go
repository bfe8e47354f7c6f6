//go:build linux

package main

import (
	"context"
	"time"

	"selvedge/cmd/bench/internal/report"
	"selvedge/cmd/bench/internal/workload"
)

// measureIdle measures the processor time of a server whose connections do
// nothing but answer pings, which come at the interval of the hub's default
// and at a phase of each connection's own.
func (b *bench) measureIdle(ctx context.Context) error {
	if err := b.shown(ctx, workload.DefaultViews); err != nil {
		return err
	}
	return b.watched("idle", b.idleFor, func() error {
		var before, after time.Duration
		if err := b.server.Call("Usage", nil, &before); err != nil {
			return err
		}
		pings, begun := b.swarm.pings, time.Now()
		if err := b.swarm.run(ctx, b.idleFor, nil); err != nil {
			return err
		}
		if err := b.server.Call("Usage", nil, &after); err != nil {
			return err
		}
		took := time.Since(begun)
		pings = b.swarm.pings - pings
		expected := float64(b.connections) * float64(took) / float64(b.ping)
		b.Require(report.Plausible(pings, expected), "%d pings came while idle and not %.0f", pings, expected)
		b.idle = append(b.idle, float64(after-before)/float64(took))
		return nil
	})
}
