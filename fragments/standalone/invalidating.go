package standalone

import (
	"net/http"

	"selvedge/composer"
	"selvedge/composer/live"
)

// invalidating serves h as it is, with all that its header says to a composer
// (Surrogate-Control, Selvedge-Error). The groups that a successful write
// changed are invalidated in this process before the response leaves, as
// composer.Forward does, so that a read that follows sees the write.
func invalidating(site *live.Site, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodGet, http.MethodHead, http.MethodOptions:
			h.ServeHTTP(w, r)
		default:
			h.ServeHTTP(&invalidatingWriter{ResponseWriter: w, site: site}, r)
		}
	})
}

// invalidatingWriter invalidates the groups that a response names as changed
// when its header is written (RFC 9875 §3).
type invalidatingWriter struct {
	http.ResponseWriter
	site  *live.Site
	began bool
}

func (w *invalidatingWriter) WriteHeader(status int) {
	if !w.began && status >= 200 {
		w.began = true
		if groups := composer.ChangedGroups(w.Header()); status < 400 && len(groups) > 0 {
			w.site.Invalidate(groups...)
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *invalidatingWriter) Write(p []byte) (int, error) {
	if !w.began {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController.
func (w *invalidatingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
