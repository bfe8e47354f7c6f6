//go:build linux

package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/rpc"
	"os"
	"time"

	"github.com/urfave/cli/v3"
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
		},
		Action: func(ctx context.Context, c *cli.Command) error {
			return serveLive(ctx, c.String("subject"), c.String("listen"), c.Int64("revision"))
		},
	}
}

func serveLive(ctx context.Context, name, address string, revision int64) error {
	s := new(Server)
	var err error
	if s.subject, err = newSubject(name, revision); err != nil {
		return err
	}
	if s.listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", address); err != nil {
		return err
	}
	server := &http.Server{
		Handler:           s.subject,
		ConnState:         s.bare.note,
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       2 * time.Minute,
	}
	for range acceptors {
		go func() { _ = server.Serve(s.listener) }()
	}
	orders := rpc.NewServer()
	if err := orders.RegisterName("Server", s); err != nil {
		return err
	}
	orders.ServeConn(pipe{os.Stdin, os.Stdout})
	return nil
}

// acceptors is how many loops accept connections. When thousands come at once
// a single one has to wait for its turn among their goroutines; the kernel's
// queue overflows meanwhile, and clients try again only after one second, then
// two more.
const acceptors = 4

// pipe is a connection of two halves.
type pipe struct {
	io.ReadCloser
	io.WriteCloser
}

// Close closes both halves.
func (p pipe) Close() error { return errors.Join(p.ReadCloser.Close(), p.WriteCloser.Close()) }

// Server is what the server process does when it is told, by net/rpc.
type Server struct {
	subject  subject
	listener net.Listener
	bare     bare
	profiler
}

// Greeting says where a server is, and which life this is.
type Greeting struct{ Address, Epoch string }

// Greet says that the server listens.
//
//nolint:unparam // net/rpc requires the error
func (s *Server) Greet(_ struct{}, reply *Greeting) error {
	reply.Address = s.listener.Addr().String()
	reply.Epoch = "none"
	if h, ok := s.subject.(*hubbed); ok {
		reply.Epoch = h.Epoch()
	}
	return nil
}

// Change sends a change to all pages.
//
//nolint:unparam // net/rpc requires the error
func (s *Server) Change(c Change, _ *struct{}) error {
	s.subject.change(c)
	return nil
}

// Bare sends the bytes of a change to all pages by a bare loop of writes.
func (s *Server) Bare(c Change, _ *struct{}) error {
	return s.bare.write(textFrame(appendFragment(nil, swap, 0, c.Revision, c.Size)))
}

// Renders counts renderings since the start.
//
//nolint:unparam // net/rpc requires the error
func (s *Server) Renders(_ struct{}, reply *int64) error {
	*reply = s.subject.renders()
	return nil
}
