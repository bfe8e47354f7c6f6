package door

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
	if cork := newCork(c); cork != nil {
		return context.WithValue(ctx, corkKey{}, cork)
	}
	return ctx
}

type corkKey struct{}

// InOnePiece has what a handler writes with one call leave in one piece, if the
// server has WithConn and the system has such a thing. By itself net/http sends
// the header with as much of the body as fits into its buffer, and then the
// rest, so that who waits for a page is woken for the first 4 KiB of it.
func InOnePiece(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, ok := r.Context().Value(corkKey{}).(*cork); ok {
			w = &pieceWriter{w, c, true}
		}
		next.ServeHTTP(w, r)
	})
}

type pieceWriter struct {
	http.ResponseWriter
	cork     *cork
	buffered bool // something may be in the buffer, as the header is at first
}

// Write writes what is larger than the buffer in one piece with what is there.
// The rest leaves when net/http sends it.
func (w *pieceWriter) Write(p []byte) (int, error) {
	if len(p) < bufferSize {
		w.buffered = true
		return w.ResponseWriter.Write(p)
	}
	if !w.buffered {
		return w.ResponseWriter.Write(p)
	}
	w.cork.in()
	n, err := w.ResponseWriter.Write(p)
	w.cork.out()
	chunked := w.Header()["Content-Length"] == nil // what stands between chunks stays in the buffer
	w.buffered = chunked || len(p) < 2*bufferSize
	return n, err
}

// Unwrap is for http.ResponseController.
func (w *pieceWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
