package main

import (
	"io"
	"net/http"

	"selvedge/fragments"
)

// healthy says that the process answers.
func (s *site) healthy(w http.ResponseWriter, _ *http.Request) {
	plain(w, http.StatusOK, "ok\n")
}

// probes answers who asks whether the process is healthy and ready, by the
// paths /healthz and /readyz behind a prefix, whatever host they name: load
// balancers ask by address. All other requests go to next, which checks their
// host.
func (s *site) probes(prefix string, next http.Handler) http.Handler {
	handlers := map[string]http.HandlerFunc{prefix + "/healthz": s.healthy, prefix + "/readyz": s.ready}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		probe := handlers[r.URL.Path]
		if probe == nil || r.Method != http.MethodGet && r.Method != http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		probe(w, r)
	})
}

// ready says whether requests should be sent here: whether the process goes on,
// and the store answers.
func (s *site) ready(w http.ResponseWriter, r *http.Request) {
	if s.stop.begun.Load() {
		plain(w, http.StatusServiceUnavailable, "stopping\n")
		return
	}
	if s.store == nil {
		plain(w, http.StatusOK, "ready\n")
		return
	}
	if err := s.store.Ping(r.Context()); err != nil {
		s.logger.WarnContext(r.Context(), "not ready", "err", err)
		plain(w, http.StatusServiceUnavailable, "the store does not answer\n")
		return
	}
	plain(w, http.StatusOK, "ready\n")
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	fragments.SetRetryAfter(w.Header(), status)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}
