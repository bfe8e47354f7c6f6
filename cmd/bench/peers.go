//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"slices"

	"selvedge/cmd/bench/internal/process"
)

// roundOfPeers measures the servers of others, as far as they can be started
// here.
func (b *bench) roundOfPeers(ctx context.Context) error {
	if !slices.Contains(b.parts, partPeers) {
		return nil
	}
	temporary, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(temporary) }()
	b.foreign = true
	defer func() { b.foreign = false }()
	for _, p := range b.results.peers {
		server, err := b.startPeer(ctx, p, temporary)
		if err != nil {
			p.missing = "it cannot be started here"
			b.say("  %s: %v", p.Name, err)
			continue
		}
		steps := []step{{partPeers, b.measureMemory(0, &p.memory)}, {partPeers, b.measurePeer(&p.sent)}}
		if err := b.measure(ctx, server, steps); err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
	}
	return nil
}

func (b *bench) startPeer(ctx context.Context, p *peerResult, temporary string) (*process.Server, error) {
	command, err := p.Command(ctx, b.plan.peers, temporary)
	if err != nil {
		return nil, err
	}
	return process.Start(command, b.stderr)
}
