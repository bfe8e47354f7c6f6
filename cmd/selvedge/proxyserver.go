package main

import (
	"context"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"selvedge/cmd/selvedge/internal/flags"
	"selvedge/cmd/selvedge/internal/logging"
	"selvedge/composer"
	"selvedge/composer/server"
	"selvedge/fragments"
)

// proxyServer serves the pages of an origin, as a shared cache with ESI.
type proxyServer struct {
	http     *httpServer
	composer *composer.Composer
}

// newProxyServer returns a server for options.Origin. The error is a flags.UsageError.
func newProxyServer(h *httpServer, options composer.Options) (*proxyServer, error) {
	s := &proxyServer{http: h}
	options = h.composing(options)
	options.Error = s.fail
	var err error
	if s.composer, err = composer.New(composer.NewRegistry(), options); err != nil {
		return nil, flags.Errorf("%w", err)
	}
	return s, nil
}

// serve answers requests until ctx ends.
func (s *proxyServer) serve(ctx context.Context) error {
	return s.http.listenAndServe(ctx, s.routes(), func(context.Context) error {
		s.composer.Close()
		return nil
	})
}

// routes returns the handler with every URL of the proxy. The URLs under /-/ are the
// proxy's own; all further URLs are the origin's.
func (s *proxyServer) routes() http.Handler {
	p := newProbes(s.http, func(context.Context) error { return nil })
	r := chi.NewRouter()
	routeErrors(r, s.fail)
	r.Method(http.MethodPost, "/-/invalidate", invalidation(s.composer, s.http.admin))
	read(r, "/-/healthz", http.HandlerFunc(p.healthy))
	read(r, "/-/readyz", http.HandlerFunc(p.ready))
	theirs := server.ExtendDeadlines(s.composer.Proxy())
	check := server.RequestCheck{Hosts: s.http.hosts, PassThrough: true, Refuse: refuseBy(s.fail)}
	inner := check.Handler(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if strings.HasPrefix(req.URL.Path, "/-/") {
			r.ServeHTTP(w, req)
			return
		}
		theirs.ServeHTTP(w, req)
	}))
	return logging.Requests(s.http.logger, recoverPanic(s.http.logger, p.handler("/-", inner)))
}

// fail answers a request that failed. A script that replaces a part of its page gets an
// answer of package fragments, and every further client an error page.
func (s *proxyServer) fail(w http.ResponseWriter, r *http.Request, err error) {
	if fragments.InBackground(r) {
		fragments.Error(w, r, server.ProblemOf(err))
		return
	}
	server.ErrorPages{PrefersHTML: fragments.PrefersHTML, Logger: s.http.logger}.Error(w, r, err)
}
