//go:build linux

package main

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/bench/internal/process"
	"selvedge/cmd/bench/internal/workload"
	"selvedge/cmd/internal/door"
	"selvedge/composer"
)

// The roles of a server process.
const (
	siteRole     = "site"     // the origin, and the bare handler
	composedRole = "composed" // ours, with fragments in process
)

// pageServerCommand is a server process. It obeys whoever started it, over
// stdin and stdout, until stdin ends.
func pageServerCommand() *cli.Command {
	return &cli.Command{
		Name:   "serve-page",
		Hidden: true,
		Flags:  []cli.Flag{&cli.StringFlag{Name: "role"}},
		Action: func(ctx context.Context, c *cli.Command) error { return servePages(ctx, c.String("role")) },
	}
}

// servePages serves a role with the same settings whichever it is, so that
// what differs is the handler.
func servePages(ctx context.Context, role string) error {
	s := new(pageServer)
	handler, err := newRole(role, &s.asked)
	if err != nil {
		return err
	}
	listeners, err := door.Listen(ctx, "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.address = listeners[0].Addr().String()
	server := &http.Server{
		Handler:           handler,
		ConnContext:       door.WithConn,
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       10 * time.Minute,
	}
	for _, l := range listeners {
		go func() { _ = server.Serve(l) }()
	}
	return process.Serve(s)
}

// newRole returns the handler of a role, and has the requests for what is made
// counted.
func newRole(role string, asked *atomic.Int64) (http.Handler, error) {
	made := counted(workload.NewSite(), asked)
	switch role {
	case siteRole:
		return made, nil
	case composedRole:
		c, err := newComposer(composer.Source{Handler: made})
		if err != nil {
			return nil, err
		}
		return door.InOnePiece(c.Page(workload.SiteName)), nil // as cmd/selvedge has it
	}
	return nil, fmt.Errorf("there is no role %q", role)
}

func counted(h http.Handler, n *atomic.Int64) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.Add(1)
		h.ServeHTTP(w, r)
	})
}

// newComposer returns a composer of one fragment, which has the templates too.
func newComposer(s composer.Source) (*composer.Composer, error) {
	registry := composer.NewRegistry()
	if err := registry.Add(workload.SiteName, "1.0.0", s); err != nil {
		return nil, err
	}
	return composer.New(registry, composer.Options{})
}

// pageServer is what the server process does when it is told, by net/rpc.
type pageServer struct {
	process.Profiler
	address string
	asked   atomic.Int64
}

// Greet says that the server listens.
//
//nolint:unparam // net/rpc requires the error
func (s *pageServer) Greet(_ struct{}, reply *process.Greeting) error {
	reply.Address = s.address
	return nil
}

// Asked counts the templates and fragments that were made since the start.
//
//nolint:unparam // net/rpc requires the error
func (s *pageServer) Asked(_ struct{}, reply *int64) error {
	*reply = s.asked.Load()
	return nil
}

// Allocations counts those of the process since its start.
//
//nolint:unparam // net/rpc requires the error
func (s *pageServer) Allocations(_ struct{}, reply *uint64) error {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	*reply = m.Mallocs
	return nil
}

// Keep stores so many fragments of 1 KB each, and says what they take.
func (s *pageServer) Keep(fragments int, reply *Kept) (err error) {
	*reply, err = keep(fragments)
	return err
}
