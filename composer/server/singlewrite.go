package server

import (
	"context"
	"net"
	"net/http"
)

// bufferSize is the size of the buffer of net/http for the writes of a handler, in bytes.
const bufferSize = 4 << 10

// WithConn makes the connection of a request known to SingleWrite. It is for
// [http.Server.ConnContext].
func WithConn(ctx context.Context, c net.Conn) context.Context {
	if ours, ok := c.(*conn); ok {
		return context.WithValue(ctx, connKey{}, ours)
	}
	return ctx
}

type connKey struct{}

// SingleWrite returns a handler in which a call of Write is a single write to the
// connection, together with the header. It has no effect without WithConn and a listener
// of [Listen]. net/http alone writes the header with the first 4 KiB of the body, and
// then the rest, so that a browser is woken twice. Responses of HTTP/2 are left as they are,
// because their streams share a connection.
func SingleWrite(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, ok := r.Context().Value(connKey{}).(*conn); ok && r.ProtoMajor == 1 {
			w = &singleWriter{w, c, true}
		}
		next.ServeHTTP(w, r)
	})
}

type singleWriter struct {
	http.ResponseWriter
	conn     *conn
	buffered bool // the buffer may have content, as it has the header at first
}

// Write writes p in one write with the buffered header, if p is larger than the buffer.
// Otherwise net/http buffers p.
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
	chunked := w.Header()["Content-Length"] == nil // the bytes between chunks stay in the buffer
	w.buffered = chunked || len(p) < 2*bufferSize
	return n, err
}

// Unwrap is for http.ResponseController.
func (w *singleWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
