//go:build linux

package main

import (
	"context"

	"selvedge/cmd/bench/internal/workload"
)

// measureRenders counts how often a change that all pages show is rendered.
func (b *bench) measureRenders(ctx context.Context) error {
	if err := b.shown(ctx, workload.DefaultViews); err != nil {
		return err
	}
	var before, after int64
	if err := b.server.Call("Renders", nil, &before); err != nil {
		return err
	}
	if _, err := b.broadcast(ctx, b.connections, "Change"); err != nil {
		return err
	}
	if err := b.swarm.run(ctx, quiet, nil); err != nil {
		return err
	}
	if err := b.server.Call("Renders", nil, &after); err != nil {
		return err
	}
	b.renders = append(b.renders, float64(after-before))
	return nil
}
