//go:build linux

package livebench

import (
	"context"
	"fmt"
	"math"
	"os"

	"selvedge/cmd/bench/internal/peers"
	"selvedge/cmd/bench/internal/process"
	"selvedge/cmd/bench/internal/report"
	"selvedge/cmd/bench/internal/workload"
)

// peerSamples are those of a server of package peers.
type peerSamples struct {
	server  peers.WebSocketServer
	missing bool      // it cannot be started
	memory  []float64 // bytes for a connection
	sent    []broadcast
}

// MeasureNaiveMemory measures the memory of the naive peer for a connection.
func (b *Bench) MeasureNaiveMemory(ctx context.Context) error {
	bytes, err := b.memoryPerConnection(ctx, 0)
	if err != nil {
		return err
	}
	b.memory.naive = append(b.memory.naive, bytes)
	return nil
}

// MeasureNaiveChanges measures the time of one change to all pages by the naive
// peer.
func (b *Bench) MeasureNaiveChanges(ctx context.Context) error {
	sent, err := b.peerBroadcasts(ctx)
	if err != nil {
		return err
	}
	b.naive = append(b.naive, sent...)
	return nil
}

// peerBroadcasts connects all pages and sends changes to them.
func (b *Bench) peerBroadcasts(ctx context.Context) ([]broadcast, error) {
	if err := b.connectAll(ctx, workload.DefaultViews); err != nil {
		return nil, err
	}
	sent, err := b.broadcasts(ctx, b.plan.Connections, "Change")
	return sent[0], err
}

// MeasurePeers measures memory and changes of the peers that can be started. The
// folder has their sources.
func (b *Bench) MeasurePeers(ctx context.Context, folder string) error {
	temporary, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(temporary) }()
	b.isPeer = true
	defer func() { b.isPeer = false }()
	for i := range b.peers {
		p := &b.peers[i]
		server, err := b.startPeer(ctx, p.server, folder, temporary)
		if err != nil {
			p.missing = true
			b.Logf("  %s: %v", p.server.Name, err)
			continue
		}
		steps := []Step{
			{Peers, func(ctx context.Context) error {
				bytes, err := b.memoryPerConnection(ctx, 0)
				if err != nil {
					return err
				}
				p.memory = append(p.memory, bytes)
				return nil
			}},
			{Peers, func(ctx context.Context) error {
				sent, err := b.peerBroadcasts(ctx)
				if err != nil {
					return err
				}
				p.sent = append(p.sent, sent...)
				return nil
			}},
		}
		if err := b.takeSteps(ctx, server, steps); err != nil {
			return fmt.Errorf("%s: %w", p.server.Name, err)
		}
	}
	return nil
}

func (b *Bench) startPeer(ctx context.Context, p peers.WebSocketServer, folder, temporary string) (*process.Server, error) {
	command, err := p.Command(ctx, folder, temporary)
	if err != nil {
		return nil, err
	}
	return process.Start(command, b.stderr)
}

func (b *Bench) naiveLines() []report.Line {
	return broadcastLines("the naive peer", "naive peer", b.memory.naive, b.naive)
}

func (b *Bench) peerLines() []report.Line {
	var all []report.Line
	for _, p := range b.peers {
		if len(p.sent) == 0 {
			missing := ""
			if p.missing {
				missing = "it cannot be started here"
			}
			all = append(all, report.Value(p.server.Name+": "+missing, math.NaN(), ""))
			continue
		}
		all = append(all, broadcastLines(p.server.Name, p.server.Name, p.memory, p.sent)...)
	}
	return all
}

// broadcastLines returns the lines of a peer, whose name differs by its case.
func broadcastLines(of, name string, memory []float64, sent []broadcast) []report.Line {
	return []report.Line{
		report.Value("memory of "+of, report.Median(memory)/kilobyte, "kB"),
		report.Value(name+", p50", medianOf(sent, broadcast.p50), "ms"),
		report.Value("  p99", medianOf(sent, broadcast.p99), "ms"),
		report.Value("  processor time for a page", medianOf(sent, broadcast.cost)/microsecond, "µs"),
	}
}
