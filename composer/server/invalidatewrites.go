package server

import (
	"net/http"

	"selvedge/composer"
)

// InvalidateWrites returns a handler that calls next, and invalidates the groups in the
// field Cache-Group-Invalidation of its successful responses (RFC 9875 §3) before the
// response leaves. A read after the write thus sees the write. The responses to GET, HEAD
// and OPTIONS invalidate nothing.
//
// InvalidateWrites is for a server that answers by a fragment itself;
// [composer.Composer.Forward] invalidates on its own.
func InvalidateWrites(c *composer.Composer, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodGet, http.MethodHead, http.MethodOptions:
			next.ServeHTTP(w, r)
		default:
			next.ServeHTTP(&invalidatingWriter{ResponseWriter: w, composer: c}, r)
		}
	})
}

// invalidatingWriter invalidates the groups of a response when the header is written.
type invalidatingWriter struct {
	http.ResponseWriter
	composer *composer.Composer
	began    bool // the final header was written
}

// WriteHeader is for http.ResponseWriter.
func (w *invalidatingWriter) WriteHeader(status int) {
	if !w.began && status >= 200 {
		w.began = true
		if groups := composer.ChangedGroups(w.Header()); status < 400 && len(groups) > 0 {
			w.composer.Invalidate(groups...)
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write is for http.ResponseWriter.
func (w *invalidatingWriter) Write(p []byte) (int, error) {
	if !w.began {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController.
func (w *invalidatingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
