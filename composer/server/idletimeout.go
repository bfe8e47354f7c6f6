package server

import (
	"io"
	"net/http"
	"time"
)

// IdleTimeout is the longest pause of a request or a response: until its next byte
// arrives, or until the client takes a byte.
const IdleTimeout = time.Minute

// ExtendDeadlines returns a handler that gives a request and its response any time, as
// long as no pause exceeds IdleTimeout. It is for proxies, because their bodies may have
// any size, or never end.
//
// The http.Server must have a WriteTimeout of at least IdleTimeout. Its ReadTimeout has
// no effect on the response, because net/http removes the timeout after all of the
// request has arrived.
func ExtendDeadlines(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body != nil && r.Body != http.NoBody {
			r.Body = &idleTimeoutBody{r.Body, w}
		}
		pw := &idleTimeoutWriter{w, time.Now()}
		next.ServeHTTP(pw, r)
		pw.renew() // for the bytes still in the buffer of net/http
	})
}

type idleTimeoutBody struct {
	io.ReadCloser
	w http.ResponseWriter
}

func (b *idleTimeoutBody) Read(p []byte) (int, error) {
	b.wait(time.Now().Add(IdleTimeout))
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		b.wait(time.Time{})
	}
	return n, err
}

func (b *idleTimeoutBody) wait(until time.Time) {
	_ = http.NewResponseController(b.w).SetReadDeadline(until)
}

type idleTimeoutWriter struct {
	http.ResponseWriter
	since time.Time // time of the last extension
}

// renew extends the deadline of the response, at most once a second.
func (w *idleTimeoutWriter) renew() {
	if now := time.Now(); now.Sub(w.since) > time.Second {
		_ = http.NewResponseController(w.ResponseWriter).SetWriteDeadline(now.Add(IdleTimeout))
		w.since = now
	}
}

func (w *idleTimeoutWriter) Write(p []byte) (int, error) {
	w.renew()
	return w.ResponseWriter.Write(p)
}

// WriteHeader extends the deadline for an informational response (1xx), because net/http
// writes such a response at once.
func (w *idleTimeoutWriter) WriteHeader(status int) {
	if status < http.StatusOK {
		w.renew()
	}
	w.ResponseWriter.WriteHeader(status)
}

// FlushError implements the flush of http.ResponseController.
func (w *idleTimeoutWriter) FlushError() error {
	w.renew()
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Unwrap is for http.ResponseController.
func (w *idleTimeoutWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
