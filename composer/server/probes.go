package server

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"

	"selvedge/fragments/problem"
)

// Probes answers the health checks of load balancers. The zero value is ready. It is safe
// for concurrent use.
type Probes struct {
	// Check returns the reason for which the server is not ready, such as a store that does
	// not answer. Default: none.
	Check func(context.Context) error
	// Logger logs the errors of Check. Default: slog.Default().
	Logger *slog.Logger

	stopping atomic.Bool
}

// Stop has the server be not ready from now on, because it is stopping.
func (p *Probes) Stop() { p.stopping.Store(true) }

// Handler returns a handler for the paths /healthz and /readyz behind a prefix, on any
// host, because load balancers send the address as Host. All further requests go to next,
// which checks their Host.
func (p *Probes) Handler(prefix string, next http.Handler) http.Handler {
	handlers := map[string]http.HandlerFunc{prefix + "/healthz": p.Healthy, prefix + "/readyz": p.Ready}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		probe := handlers[r.URL.Path]
		if probe == nil || r.Method != http.MethodGet && r.Method != http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		probe(w, r)
	})
}

// Healthy says that the process answers.
func (p *Probes) Healthy(w http.ResponseWriter, _ *http.Request) {
	plain(w, http.StatusOK, "ok\n")
}

// Ready says whether load balancers should send requests. The answer is 503 in two cases:
//
//   - the process is stopping;
//   - Check returns an error.
func (p *Probes) Ready(w http.ResponseWriter, r *http.Request) {
	if p.stopping.Load() {
		plain(w, http.StatusServiceUnavailable, "stopping\n")
		return
	}
	if p.Check != nil {
		if err := p.Check(r.Context()); err != nil {
			cmp.Or(p.Logger, slog.Default()).WarnContext(r.Context(), "not ready", "err", err)
			plain(w, http.StatusServiceUnavailable, "the store does not answer\n")
			return
		}
	}
	plain(w, http.StatusOK, "ready\n")
}

// plain writes a response of plain text.
func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	problem.SetRetryAfter(w.Header(), status)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}
