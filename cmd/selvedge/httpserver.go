package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"sync"
	"time"

	"selvedge/cmd/selvedge/internal/memory"
	"selvedge/composer"
	"selvedge/composer/server"
)

// httpServer is the part that all servers of the program share: it listens, logs, answers
// HTTP requests by a handler, and shuts down.
type httpServer struct {
	logger      *slog.Logger
	listeners   []net.Listener           // of one address
	hosts       []string                 // the names of the server; empty: every name
	trusted     []netip.Prefix           // the networks of trusted proxies
	earlyHints  func(*http.Request) bool // as in composer.Options
	maxInFlight int                      // requests to a source at a time
	admin       *server.BearerToken      // of the operator
	print       func(url string) error   // shows the address to the user
	settings    []any                    // for the log
	memory      memory.Plan
	stopMemory  func() // ends memory.Follow
	shutdown    shutdown
}

// composing adds the options that every composer has of its server.
func (s *httpServer) composing(o composer.Options) composer.Options {
	o.Logger, o.EarlyHints = s.logger, s.earlyHints
	o.MaxInFlight, o.ClientAddress = s.maxInFlight, server.ClientAddress
	return o
}

// close closes the listeners, and stops the memory plan.
func (s *httpServer) close() {
	s.stopMemory()
	for _, l := range s.listeners {
		_ = l.Close()
	}
}

// listenAndServe answers requests until ctx ends, and then shuts down as described at
// shutdown. The function drain ends the live connections.
func (s *httpServer) listenAndServe(ctx context.Context, h http.Handler, drain func(context.Context) error) error {
	server := &http.Server{
		Handler:           server.SingleWrite(server.DropUnderscores(s.warnUnderscore(), server.TrustProxies(s.trusted, s.warnUntrusted, h))),
		ConnContext:       server.WithConn,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(s.logger.Handler(), slog.LevelWarn),
	}
	s.logStart()
	if err := s.print("http://" + s.listeners[0].Addr().String()); err != nil {
		return err
	}
	failed := make(chan error, len(s.listeners))
	for _, l := range s.listeners {
		go func() { failed <- server.Serve(l) }()
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	s.shutdown.awaitDelay(s.logger)
	err := s.shutdown.stop(s.logger, server, drain)
	for range s.listeners {
		err = errors.Join(err, exceptClosed(<-failed))
	}
	return err
}

// exceptClosed returns err, or nil for http.ErrServerClosed, the error of every stopped
// server.
func exceptClosed(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// logStart logs the version of the program and its settings, so that the log alone
// explains how a site was served.
func (s *httpServer) logStart() {
	s.logger.Info("starting", "version", version(), "go", runtime.Version(),
		"address", s.listeners[0].Addr().String(), "memory_limit_bytes", s.memory.Limit, slog.Group("settings", s.settings...))
}

// warnUntrusted logs that a proxy in front is not trusted.
func (s *httpServer) warnUntrusted(peer string) {
	s.logger.Warn("a proxy in front is not trusted, so that its visitors have no limit by address; if it is yours, name it with --trusted-proxy",
		"peer", peer)
}

// warnUnderscore returns a function that logs the first dropped field with an underscore in
// its name.
func (s *httpServer) warnUnderscore() func(field string) {
	var warning sync.Once
	return func(field string) {
		warning.Do(func() {
			s.logger.Warn("a request field with an underscore in its name was dropped, as all such fields are, since some servers take it for a hyphen",
				"field", field)
		})
	}
}
