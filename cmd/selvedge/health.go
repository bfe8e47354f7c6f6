package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"

	"selvedge/fragments"
)

// probes answers the health checks of load balancers.
type probes struct {
	logger   *slog.Logger
	stopping *atomic.Bool
	ping     func(context.Context) error // checks the store
}

func newProbes(h *httpServer, ping func(context.Context) error) *probes {
	return &probes{logger: h.logger, stopping: &h.shutdown.begun, ping: ping}
}

// healthy says that the process answers.
func (p *probes) healthy(w http.ResponseWriter, _ *http.Request) {
	plain(w, http.StatusOK, "ok\n")
}

// handler returns a handler for the paths /healthz and /readyz behind a prefix, on any
// host, because load balancers send the address as Host. All further requests go to next,
// which checks their Host.
func (p *probes) handler(prefix string, next http.Handler) http.Handler {
	handlers := map[string]http.HandlerFunc{prefix + "/healthz": p.healthy, prefix + "/readyz": p.ready}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		probe := handlers[r.URL.Path]
		if probe == nil || r.Method != http.MethodGet && r.Method != http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		probe(w, r)
	})
}

// ready says whether load balancers should send requests. The answer is 503 in two cases:
//
//   - the process is stopping;
//   - the store does not answer.
func (p *probes) ready(w http.ResponseWriter, r *http.Request) {
	if p.stopping.Load() {
		plain(w, http.StatusServiceUnavailable, "stopping\n")
		return
	}
	if err := p.ping(r.Context()); err != nil {
		p.logger.WarnContext(r.Context(), "not ready", "err", err)
		plain(w, http.StatusServiceUnavailable, "the store does not answer\n")
		return
	}
	plain(w, http.StatusOK, "ready\n")
}

// plain writes a response of plain text.
func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	fragments.SetRetryAfter(w.Header(), status)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}
