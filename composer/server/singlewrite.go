package server

import (
	"context"
	"net"
	"net/http"
)

// bufferSize is that of the buffer in which net/http collects what a handler
// writes, in bytes.
const bufferSize = 4 << 10

// WithConn is for [http.Server.ConnContext]: it lets a request know its
// connection.
func WithConn(ctx context.Context, c net.Conn) context.Context {
	if ours, ok := c.(*conn); ok {
		return context.WithValue(ctx, connKey{}, ours)
	}
	return ctx
}

type connKey struct{}

// SingleWrite has what a handler writes with one call leave in one piece, if the
// server has WithConn and the listeners of [Listen]. By itself net/http sends the
// header with as much of the body as fits into its buffer, and then the rest, so
// that who waits for a page is woken for the first 4 KiB of it.
func SingleWrite(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, ok := r.Context().Value(connKey{}).(*conn); ok {
			w = &singleWriter{w, c, true}
		}
		next.ServeHTTP(w, r)
	})
}

type singleWriter struct {
	http.ResponseWriter
	conn     *conn
	buffered bool // something may be in the buffer, as the header is at first
}

// Write writes what is larger than the buffer in one piece with what is there.
// The rest leaves when net/http sends it.
func (w *singleWriter) Write(p []byte) (int, error) {
	if len(p) < bufferSize {
		w.buffered = true
		return w.ResponseWriter.Write(p)
	}
	if !w.buffered {
		return w.ResponseWriter.Write(p)
	}
	w.conn.hold()
	n, err := w.ResponseWriter.Write(p)
	if released := w.conn.release(); err == nil {
		err = released
	}
	chunked := w.Header()["Content-Length"] == nil // what stands between chunks stays in the buffer
	w.buffered = chunked || len(p) < 2*bufferSize
	return n, err
}

// Unwrap is for http.ResponseController.
func (w *singleWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
