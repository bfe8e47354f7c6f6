//go:build linux

package main

import (
	"context"
	"net/http"
	"time"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/bench/internal/peers"
	"selvedge/cmd/bench/internal/process"
	"selvedge/cmd/bench/internal/workload"
	"selvedge/cmd/bench/internal/wsframe"
	"selvedge/cmd/internal/door"
	"selvedge/cmd/internal/footprint"
)

// serverCommand is the process that is measured. It serves a subject, and
// obeys whoever started it, over stdin and stdout, until stdin ends.
func serverCommand() *cli.Command {
	return &cli.Command{
		Name:   "serve-live",
		Hidden: true,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "subject"},
			&cli.StringFlag{Name: "listen"},
			&cli.Int64Flag{Name: "revision"},
			&cli.DurationFlag{Name: "stall"},
		},
		Action: func(ctx context.Context, c *cli.Command) error {
			subject, err := newSubject(c.String("subject"), c.Int64("revision"), c.Duration("stall"))
			if err != nil {
				return err
			}
			return serveLive(ctx, subject, c.String("listen"))
		},
	}
}

func serveLive(ctx context.Context, subject subject, address string) error {
	s := &Server{subject: subject}
	listeners, err := door.Listen(ctx, address)
	if err != nil {
		return err
	}
	s.address = listeners[0].Addr().String()
	server := &http.Server{
		Handler:           s.subject,
		ConnState:         s.bare.Note,
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       2 * time.Minute,
	}
	for _, l := range listeners {
		go func() { _ = server.Serve(l) }()
	}
	return process.Serve(s)
}

// Server is what the server process does when it is told, by net/rpc in JSON,
// which peers that are not written in Go understand too.
type Server struct {
	subject subject
	address string
	bare    peers.BareLoop
	process.Profiler
	footprint.Service
}

// Greet says that the server listens.
//
//nolint:unparam // net/rpc requires the error
func (s *Server) Greet(_ struct{}, reply *process.Greeting) error {
	reply.Address = s.address
	reply.Epoch = "none"
	if h, ok := s.subject.(*hubbed); ok {
		reply.Epoch = h.Epoch()
	}
	return nil
}

// Change sends a change to all pages.
//
//nolint:unparam // net/rpc requires the error
func (s *Server) Change(c workload.Change, _ *struct{}) error {
	s.subject.Change(c)
	return nil
}

// Bare sends the bytes of a change to all pages by a bare loop of writes.
//
//nolint:unparam // net/rpc requires the error
func (s *Server) Bare(c workload.Change, _ *struct{}) error {
	s.bare.Write(wsframe.Text(workload.AppendView(nil, workload.SwapAttribute, 0, c.Revision, c.Size)))
	return nil
}

// GivenUp counts the clients that did not read for too long, or gave no sign of
// life, since the start.
//
//nolint:unparam // net/rpc requires the error
func (s *Server) GivenUp(_ struct{}, reply *int64) error {
	if h, ok := s.subject.(*hubbed); ok {
		stats := h.Stats()
		*reply = stats.Stalled + stats.Reaped
	}
	return nil
}

// Renders counts renderings since the start.
//
//nolint:unparam // net/rpc requires the error
func (s *Server) Renders(_ struct{}, reply *int64) error {
	*reply = s.subject.Renders()
	return nil
}
