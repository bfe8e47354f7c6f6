package main

import (
	"context"
	"mime"
	"net/http"
	"strings"
	"time"
)

// serversTimeout bounds the wait of a request for servers that are starting.
const serversTimeout = 10 * time.Second

// ServeHTTP answers a request when no server is starting any more. A browser that stores the
// response asks each time whether it is up to date, and loads an error page again until
// it is none.
func (d *development) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/-/") { // live connections, the script, probes
		d.site.ServeHTTP(w, r)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), serversTimeout)
	d.servers.Await(ctx)
	cancel()
	d.site.ServeHTTP(&devWriter{ResponseWriter: w, isPage: r.Method == http.MethodGet}, r)
}

// devWriter changes the header of a response for development.
type devWriter struct {
	http.ResponseWriter
	isPage bool // of a request that a browser can repeat
	begun  bool
}

// Unwrap returns the writer below, for http.ResponseController.
func (w *devWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader sends the header.
func (w *devWriter) WriteHeader(status int) {
	if status >= http.StatusOK && !w.begun {
		w.begun = true
		w.change(status)
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write sends a part of the body.
func (w *devWriter) Write(b []byte) (int, error) {
	if !w.begun {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(b)
}

// change has no response used without a question, and a page of a server error loaded again
// after a second (HTML Living Standard, the field Refresh).
func (w *devWriter) change(status int) {
	h := w.Header()
	switch control := strings.Join(h["Cache-Control"], ","); {
	case strings.Contains(control, "no-store"):
	case strings.Contains(control, "private"):
		h.Set("Cache-Control", "private, no-cache")
	default:
		h.Set("Cache-Control", "no-cache")
	}
	mediaType, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	if status >= http.StatusInternalServerError && w.isPage && mediaType == "text/html" {
		h.Set("Refresh", "1")
	}
}
