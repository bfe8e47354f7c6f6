//go:build linux

package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/bench/internal/peers"
	"selvedge/cmd/bench/internal/process"
	"selvedge/cmd/bench/internal/report"
	"selvedge/cmd/bench/internal/sysinfo"
	"selvedge/cmd/bench/internal/systemundertest"
	"selvedge/cmd/bench/internal/workload"
	"selvedge/cmd/internal/footprint"
)

func liveCommands() []*cli.Command {
	return []*cli.Command{liveCommand(), systemundertest.LiveCommand()}
}

// A bench measures.
type bench struct {
	plan
	results
	swarm    *swarm
	server   *process.Server
	revision int64 // of the last change
	stderr   io.Writer

	foreign       bool // the server is a peer
	profileNumber int  // of the last file
}

// measureLive measures all and writes the table. It returns an error if the
// run is not valid.
func measureLive(ctx context.Context, p plan, stdout, stderr io.Writer) error {
	wanted := p.connections
	var err error
	if p.connections, err = sysinfo.AffordableConnections(wanted); err != nil {
		return err
	}
	if p.connections < wanted {
		_, _ = fmt.Fprintf(stdout, "The limit of descriptors allows %d of %d connections.\n", p.connections, wanted)
	}
	b := &bench{plan: p, stderr: &lockedWriter{to: stderr}}
	for _, p := range peers.WebSocketServers() {
		b.results.peers = append(b.results.peers, &peerResult{WebSocketServer: p})
	}
	if b.swarm, err = newSwarm(p.connections); err != nil {
		return err
	}
	defer b.swarm.close()
	load := sysinfo.LoadAverage()
	others, err := b.allRounds(ctx)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(stdout, "%d connections, rounds: %d. Clients and server shared %d processors with other programs,\n"+
		"which used %.0f %% of them; the load average was %s before and %s after.\n\n",
		p.connections, p.rounds, runtime.NumCPU(), 100*others, load, sysinfo.LoadAverage())
	if err := report.WriteTable(stdout, b.rows(p.parts)); err != nil {
		return err
	}
	return b.Err()
}

// allRounds measures as often as planned, and says what share of the machine
// other programs used meanwhile.
func (b *bench) allRounds(ctx context.Context) (others float64, err error) {
	begun, err := sysinfo.TakeSnapshot()
	if err != nil {
		return 0, err
	}
	for i := range b.rounds {
		b.say("round %d of %d", i+1, b.rounds)
		if err := b.round(ctx); err != nil {
			return 0, fmt.Errorf("round %d: %w", i+1, err)
		}
	}
	ended, err := sysinfo.TakeSnapshot()
	return ended.OtherPrograms(begun), err
}

func (b *bench) say(format string, arguments ...any) {
	_, _ = fmt.Fprintf(b.stderr, format+"\n", arguments...)
}

// A step measures a part.
type step struct {
	part    string
	measure func(context.Context) error
}

// round measures everything once, each subject in a process of its own.
func (b *bench) round(ctx context.Context) error {
	for _, subject := range []struct {
		name  string
		steps []step
	}{
		{systemundertest.Hub, []step{
			{partMemory, b.measureMemory(0, &b.memory)},
			{partIdle, b.measureIdle},
			{partChanges, b.measureChanges},
			{partRenders, b.measureRenders},
			{partReconnect, b.measureReconnect},
			{partUpdates, b.measureUpdates},
			{partVisible, b.measureVisible},
			{partSlow, b.measureSlow},
			{partJitter, b.measureJitter},
		}},
		{systemundertest.Hub, []step{{partPersonal, b.measureMemory(2, &b.memoryPersonal)}}},
		{systemundertest.Naive, []step{
			{partNaive, b.measureMemory(0, &b.memoryNaive)},
			{partNaive, b.measurePeer(&b.naive)},
		}},
	} {
		steps := slices.DeleteFunc(subject.steps, func(s step) bool { return !slices.Contains(b.parts, s.part) })
		if len(steps) == 0 {
			continue
		}
		b.revision++
		server, err := systemundertest.StartLive(ctx, b.stderr, systemundertest.LiveOptions{
			System: subject.name, Address: "127.0.0.1:0", Revision: b.revision, Stall: b.stall,
		})
		if err != nil {
			return err
		}
		if err := b.measure(ctx, server, steps); err != nil {
			return fmt.Errorf("%s: %w", subject.name, err)
		}
	}
	return b.roundOfPeers(ctx)
}

// measure takes the steps of one server process, which may be replaced on the
// way.
func (b *bench) measure(ctx context.Context, server *process.Server, steps []step) error {
	b.server = server
	defer func() { b.server.Kill() }()
	defer b.swarm.disconnect()
	for _, s := range steps {
		if err := s.measure(ctx); err != nil {
			return fmt.Errorf("%s: %w", s.part, err)
		}
		b.Require(b.swarm.open == b.connections && b.swarm.lost == 0, "%s: %d of %d connections are open, %d were lost, the last by %q",
			s.part, b.swarm.open, b.connections, b.swarm.lost, b.swarm.loss)
		b.Require(b.swarm.backwards == 0, "%s: %d updates were older than what the page showed", s.part, b.swarm.backwards)
		b.swarm.lost, b.swarm.backwards = 0, 0
	}
	return nil
}

// shown has all pages connected, each with so many views.
func (b *bench) shown(ctx context.Context, views int) error {
	if b.swarm.open == b.connections && b.swarm.views == views {
		return nil
	}
	b.swarm.disconnect()
	if err := b.swarm.connect(ctx, b.connections, b.server.Greeting, views, 0); err != nil {
		return err
	}
	return b.swarm.run(ctx, quiet, nil)
}

// rendered has no page connected, and all views at one revision, with which
// pages that connect afterwards were rendered.
func (b *bench) rendered() error {
	b.swarm.disconnect()
	b.revision++
	b.swarm.rendered = b.revision
	return b.server.Call("Change", workload.Change{Views: workload.MaxViews, Revision: b.revision, Size: workload.ViewSize}, nil)
}

// watched takes a step that is planned to take some time, and requires that
// it did and that the clients were not what was slow.
func (b *bench) watched(name string, planned time.Duration, step func() error) error {
	used, err := footprint.ProcessorTime()
	if err != nil {
		return err
	}
	begun := time.Now()
	if err := b.profiled(name, step); err != nil {
		return err
	}
	took := time.Since(begun)
	after, err := footprint.ProcessorTime()
	if err != nil {
		return err
	}
	b.say("  %s: %v, of which the clients used %v", name, took.Round(time.Millisecond), (after - used).Round(time.Millisecond))
	b.requirePace(name, planned, took, after-used)
	return nil
}

// requirePace notes a step that took far longer than planned, or whose
// clients had no time to spare.
func (r *results) requirePace(name string, planned, took, used time.Duration) {
	share := float64(used) / float64(took)
	r.Require(share <= report.MaxClientShare, "%s: the clients used %.0f %% of a processor", name, 100*share)
	r.Require(took <= planned*3/2+time.Second, "%s took %v and not %v", name, took, planned)
}

// profiled takes a step, and has the server write a profile meanwhile if the
// plan says so and the server is ours.
func (b *bench) profiled(name string, step func() error) error {
	if b.profiles == "" || b.foreign {
		return step()
	}
	b.profileNumber++
	file := filepath.Join(b.profiles, fmt.Sprintf("%02d-%s.prof", b.profileNumber, name))
	if err := b.server.Call("Profile", file, nil); err != nil {
		return err
	}
	if err := step(); err != nil {
		return err
	}
	return b.server.Call("Profile", "", nil)
}
