//go:build linux

package livebench

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"selvedge/cmd/bench/internal/peers"
	"selvedge/cmd/bench/internal/process"
	"selvedge/cmd/bench/internal/report"
	"selvedge/cmd/bench/internal/systemundertest"
	"selvedge/cmd/bench/internal/workload"
	"selvedge/cmd/bench/internal/wsclient"
	"selvedge/cmd/internal/footprint"
)

// A Plan says how much is measured in a round.
type Plan struct {
	Connections int
	Changes     int           // to all pages
	Gap         time.Duration // between two of them
	IdleFor     time.Duration
	UpdateFor   time.Duration // for which all views change
	Ping        time.Duration // interval of the hub's pings, for comparison
	Stall       time.Duration // after which the hub drops clients that do not read
	Jitter      JitterPlan
	Profiles    string // folder for profiles of the server; empty: none
}

// DefaultPlan returns the plan for a number of connections.
func DefaultPlan(connections int) Plan {
	return Plan{
		Connections: connections,
		Changes:     10,
		Gap:         400 * time.Millisecond,
		IdleFor:     12500 * time.Millisecond,
		UpdateFor:   3 * time.Second,
		Ping:        25 * time.Second,
		Stall:       10 * time.Second,
		Jitter: JitterPlan{
			Changes: 120,
			Gap:     500 * time.Millisecond,
			Cuts:    wsclient.CutPlan{Online: 5500 * time.Millisecond, Offline: 2 * time.Second},
		},
	}
}

// A Bench measures servers by the pages that are connected to them.
type Bench struct {
	plan     Plan
	stderr   io.Writer
	validity report.Validity
	clients  *wsclient.Clients

	server        *process.Server
	isPeer        bool  // the server is a peer
	revision      int64 // of the last change
	profileNumber int   // of the last file

	memory    memorySamples
	idle      []float64 // share of a processor
	changes   changeSamples
	renders   []float64 // for one change
	reconnect reconnectSamples
	updates   []float64 // per second
	visible   visibleSamples
	slow      slowSamples
	jitter    *jitterResult // nil: not measured yet
	naive     []broadcast
	peers     []peerSamples
}

// New returns a bench whose pages are not connected. It writes its progress to
// stderr, as do the server processes. The caller closes it.
func New(p Plan, stderr io.Writer) (*Bench, error) {
	clients, err := wsclient.New(p.Connections)
	if err != nil {
		return nil, err
	}
	b := &Bench{plan: p, stderr: &lockedWriter{to: stderr}, clients: clients}
	for _, p := range peers.WebSocketServers() {
		b.peers = append(b.peers, peerSamples{server: p})
	}
	return b, nil
}

// Close disconnects the pages.
func (b *Bench) Close() { b.clients.Close() }

// Err returns an error with the faults of the run, and nil if it is valid.
func (b *Bench) Err() error { return b.validity.Err() }

// Logf writes a line of progress.
func (b *Bench) Logf(format string, arguments ...any) {
	_, _ = fmt.Fprintf(b.stderr, format+"\n", arguments...)
}

// A Step is a measurement that belongs to a part of the run.
type Step struct {
	Part    string
	Measure func(context.Context) error
}

// MeasureServer starts a server of [systemundertest.StartLive], takes the steps
// in their order, and ends the server. Without steps nothing is started.
func (b *Bench) MeasureServer(ctx context.Context, system string, steps []Step) error {
	if len(steps) == 0 {
		return nil
	}
	b.revision++
	server, err := systemundertest.StartLive(ctx, b.stderr, systemundertest.LiveOptions{
		System: system, Address: "127.0.0.1:0", Revision: b.revision, Stall: b.plan.Stall,
	})
	if err != nil {
		return err
	}
	return b.takeSteps(ctx, server, steps)
}

// takeSteps takes the steps of a server and kills the server. A step may replace
// the server by another server. After each step all pages must be connected.
func (b *Bench) takeSteps(ctx context.Context, server *process.Server, steps []Step) error {
	b.server = server
	defer func() { b.server.Kill() }()
	defer b.clients.DisconnectAll()
	count := &b.clients.Counters
	for _, s := range steps {
		if err := s.Measure(ctx); err != nil {
			return fmt.Errorf("%s: %w", s.Part, err)
		}
		b.validity.Require(b.clients.Open() == b.plan.Connections && count.Lost == 0,
			"%s: %d of %d connections are open, %d were lost, the last by %q",
			s.Part, b.clients.Open(), b.plan.Connections, count.Lost, count.LastLoss)
		b.validity.Require(count.Backwards == 0, "%s: %d updates were older than what the page showed", s.Part, count.Backwards)
		count.Lost, count.Backwards = 0, 0
	}
	return nil
}

// settleTime is long enough for a server to finish the work that clients made.
const settleTime = 300 * time.Millisecond

// connect connects n pages to the server.
func (b *Bench) connect(ctx context.Context, n, views, personal int) error {
	g := b.server.Greeting
	return b.clients.Connect(ctx, n, wsclient.Target{
		Address: g.Address, Epoch: g.Epoch, Hello: g.Hello, Views: views, Personal: personal,
	})
}

// connectAll connects all pages with a number of views, unless they are.
func (b *Bench) connectAll(ctx context.Context, views int) error {
	if b.clients.Open() == b.plan.Connections && b.clients.Views() == views {
		return nil
	}
	b.clients.DisconnectAll()
	if err := b.connect(ctx, b.plan.Connections, views, 0); err != nil {
		return err
	}
	return b.clients.Run(ctx, settleTime, nil)
}

// renderAll gives all views a revision while no page is connected. Pages that
// connect afterwards were rendered with it.
func (b *Bench) renderAll() error {
	b.clients.DisconnectAll()
	b.revision++
	b.clients.PageRevision = b.revision
	return b.server.Call("Change", workload.Change{Views: workload.MaxViews, Revision: b.revision, Size: workload.ViewSize}, nil)
}

// paced takes a step with a planned duration, and requires that the step kept to
// the plan and the clients were not the bottleneck.
func (b *Bench) paced(name string, planned time.Duration, step func() error) error {
	before, err := footprint.ProcessorTime()
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
	used := after - before
	b.Logf("  %s: %v, of which the clients used %v", name, took.Round(time.Millisecond), used.Round(time.Millisecond))
	b.requirePace(name, planned, took, used)
	return nil
}

// requirePace adds a fault if a step took far longer than planned, or if the
// clients used most of a processor.
func (b *Bench) requirePace(name string, planned, took, used time.Duration) {
	share := float64(used) / float64(took)
	b.validity.Require(share <= report.MaxClientShare, "%s: the clients used %.0f %% of a processor", name, 100*share)
	b.validity.Require(took <= planned*3/2+time.Second, "%s took %v and not %v", name, took, planned)
}

// profiled takes a step, and has a server of ours write a profile if the plan
// has a folder for them.
func (b *Bench) profiled(name string, step func() error) error {
	if b.plan.Profiles == "" || b.isPeer {
		return step()
	}
	b.profileNumber++
	file := filepath.Join(b.plan.Profiles, fmt.Sprintf("%02d-%s.prof", b.profileNumber, name))
	if err := b.server.Call("Profile", file, nil); err != nil {
		return err
	}
	if err := step(); err != nil {
		return err
	}
	return b.server.Call("Profile", "", nil)
}
