//go:build linux

package systemundertest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/bench/internal/process"
	"selvedge/cmd/bench/internal/workload"
	"selvedge/composer"
	"selvedge/composer/server"
)

// The roles of a page server.
const (
	Site     = "site"     // workload.Site: the origin, and the bare handler
	Composed = "composed" // a composer with the site as a fragment in process
)

const pagesCommand = "serve-page"

// StartPages starts a page server with a role, and waits until it listens. The
// program must have the command [PagesCommand].
func StartPages(ctx context.Context, stderr io.Writer, role string) (*process.Server, error) {
	return process.StartSelf(ctx, stderr, pagesCommand, "--role", role)
}

// PagesCommand returns the hidden command of page servers.
func PagesCommand() *cli.Command {
	return &cli.Command{
		Name:   pagesCommand,
		Hidden: true,
		Flags:  []cli.Flag{&cli.StringFlag{Name: "role"}},
		Action: func(ctx context.Context, c *cli.Command) error { return servePages(ctx, c.String("role")) },
	}
}

// servePages serves a role. The settings of all roles are the same, so that only
// the handler differs.
func servePages(ctx context.Context, role string) error {
	s := new(pageServer)
	handler, err := newHandler(role, &s.requests)
	if err != nil {
		return err
	}
	listeners, err := server.Listen(ctx, "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.address = listeners[0].Addr().String()
	server := &http.Server{
		Handler:           handler,
		ConnContext:       server.WithConn,
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       10 * time.Minute,
	}
	for _, l := range listeners {
		go func() { _ = server.Serve(l) }()
	}
	return process.Serve(s)
}

// newHandler returns the handler of a role, and counts the requests for
// templates and fragments.
func newHandler(role string, requests *atomic.Int64) (http.Handler, error) {
	site := countRequests(workload.NewSite(), requests)
	switch role {
	case Site:
		return site, nil
	case Composed:
		c, err := newComposer(site)
		if err != nil {
			return nil, err
		}
		return server.SingleWrite(c.Page(workload.SiteName)), nil // as cmd/selvedge has it
	}
	return nil, fmt.Errorf("there is no role %q", role)
}

func countRequests(h http.Handler, n *atomic.Int64) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.Add(1)
		h.ServeHTTP(w, r)
	})
}

// newComposer returns a composer with a handler as its only fragment, which has
// the templates too.
func newComposer(h http.Handler) (*composer.Composer, error) {
	registry := composer.NewRegistry()
	if err := registry.Add(workload.SiteName, "1.0.0", composer.Source{Handler: h}); err != nil {
		return nil, err
	}
	return composer.New(registry, composer.Options{})
}

// A pageServer takes the orders of a page server. Its exported methods are the
// orders.
type pageServer struct {
	process.Profiler
	address  string
	requests atomic.Int64
}

// Greet replies when the server listens.
//
//nolint:unparam // net/rpc requires the error
func (s *pageServer) Greet(_ struct{}, reply *process.Greeting) error {
	reply.Address = s.address
	return nil
}

// Requests replies with the number of templates and fragments that were
// requested since the start.
//
//nolint:unparam // net/rpc requires the error
func (s *pageServer) Requests(_ struct{}, reply *int64) error {
	*reply = s.requests.Load()
	return nil
}

// Allocations replies with the number of heap objects that the process has
// allocated since its start.
//
//nolint:unparam // net/rpc requires the error
func (s *pageServer) Allocations(_ struct{}, reply *uint64) error {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	*reply = m.Mallocs
	return nil
}

// CacheMemory stores fragments and replies with the memory that they take.
func (s *pageServer) CacheMemory(fragments int, reply *CacheMemory) (err error) {
	*reply, err = measureCacheMemory(fragments)
	return err
}
