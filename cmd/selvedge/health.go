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

// ready says whether requests should be sent here: whether the store answers.
func (s *site) ready(w http.ResponseWriter, r *http.Request) {
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
