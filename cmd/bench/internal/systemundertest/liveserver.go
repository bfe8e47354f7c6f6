//go:build linux

package systemundertest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/bench/internal/peers"
	"selvedge/cmd/bench/internal/process"
	"selvedge/cmd/bench/internal/workload"
	"selvedge/cmd/bench/internal/wsframe"
	"selvedge/cmd/internal/footprint"
	"selvedge/composer/server"
)

// The systems of a live server.
const (
	Hub   = "hub"   // package hub
	Naive = "naive" // peers.Naive
)

// LiveOptions are those of a live server.
type LiveOptions struct {
	System   string        // Hub or Naive
	Address  string        // to listen at
	Revision int64         // of all views, at the start
	Stall    time.Duration // after which the hub drops clients that do not read
}

const liveCommand = "serve-live"

// StartLive starts a live server, and waits until it listens. The program must
// have the command [LiveCommand].
func StartLive(ctx context.Context, stderr io.Writer, o LiveOptions) (*process.Server, error) {
	return process.StartSelf(ctx, stderr, liveCommand, "--system", o.System, "--listen", o.Address,
		"--revision", strconv.FormatInt(o.Revision, 10), "--stall", o.Stall.String())
}

// LiveCommand returns the hidden command of live servers.
func LiveCommand() *cli.Command {
	return &cli.Command{
		Name:   liveCommand,
		Hidden: true,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "system"},
			&cli.StringFlag{Name: "listen"},
			&cli.Int64Flag{Name: "revision"},
			&cli.DurationFlag{Name: "stall"},
		},
		Action: func(ctx context.Context, c *cli.Command) error {
			return serveLive(ctx, LiveOptions{
				System:   c.String("system"),
				Address:  c.String("listen"),
				Revision: c.Int64("revision"),
				Stall:    c.Duration("stall"),
			})
		},
	}
}

func serveLive(ctx context.Context, o LiveOptions) error {
	system, err := newLiveSystem(o)
	if err != nil {
		return err
	}
	s := &liveServer{system: system}
	listeners, err := server.Listen(ctx, o.Address)
	if err != nil {
		return err
	}
	s.address = listeners[0].Addr().String()
	server := &http.Server{
		Handler:           s.system,
		ConnState:         s.bareLoop.Note,
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       2 * time.Minute,
	}
	for _, l := range listeners {
		go func() { _ = server.Serve(l) }()
	}
	return process.Serve(s)
}

// A liveSystem has pages that are connected by WebSockets.
type liveSystem interface {
	http.Handler

	// Change sends a change to the pages that show its views.
	Change(c workload.Change)

	// Renders returns the number of renderings since the start.
	Renders() int64
}

func newLiveSystem(o LiveOptions) (liveSystem, error) {
	switch o.System {
	case Hub:
		return newHubSystem(o.Revision, o.Stall)
	case Naive:
		return peers.NewNaive(), nil
	}
	return nil, fmt.Errorf("there is nothing named %q to be measured", o.System)
}

// A liveServer takes the orders of a live server. Its exported methods are the
// orders.
type liveServer struct {
	system   liveSystem
	address  string
	bareLoop peers.BareLoop
	process.Profiler
	footprint.Service
}

// Greet replies when the server listens.
//
//nolint:unparam // net/rpc requires the error
func (s *liveServer) Greet(_ struct{}, reply *process.Greeting) error {
	reply.Address = s.address
	reply.Epoch = "none"
	if h, ok := s.system.(*hubSystem); ok {
		reply.Epoch = h.hub.Epoch()
	}
	return nil
}

// Change sends a change to the pages that show its views.
//
//nolint:unparam // net/rpc requires the error
func (s *liveServer) Change(c workload.Change, _ *struct{}) error {
	s.system.Change(c)
	return nil
}

// BareLoop writes the message of a change to all sockets, without the system.
//
//nolint:unparam // net/rpc requires the error
func (s *liveServer) BareLoop(c workload.Change, _ *struct{}) error {
	s.bareLoop.Write(wsframe.Text(workload.AppendView(nil, workload.SwapAttribute, 0, c.Revision, c.Size)))
	return nil
}

// Dropped replies with the number of clients that the hub has dropped because
// they did not read in time or gave no sign of life.
//
//nolint:unparam // net/rpc requires the error
func (s *liveServer) Dropped(_ struct{}, reply *int64) error {
	if h, ok := s.system.(*hubSystem); ok {
		stats := h.hub.Stats()
		*reply = stats.Stalled + stats.Reaped
	}
	return nil
}

// Renders replies with the number of renderings since the start.
//
//nolint:unparam // net/rpc requires the error
func (s *liveServer) Renders(_ struct{}, reply *int64) error {
	*reply = s.system.Renders()
	return nil
}
