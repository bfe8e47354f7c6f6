package server

import (
	"io"
	"net/http"
	"time"
)

// IdleTimeout is how long a proxy waits for the next byte of who sends it, or for
// room for one at who receives it.
const IdleTimeout = time.Minute

// ExtendDeadlines lets a request and its answer take as long as they go on: what
// passes a proxy may be of any size, or never end. The server that it is for has
// a WriteTimeout of at least IdleTimeout. Its ReadTimeout does not count for an
// answer: net/http takes it back once all of the request is there.
func ExtendDeadlines(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body != nil && r.Body != http.NoBody {
			r.Body = &idleTimeoutBody{r.Body, w}
		}
		pw := &idleTimeoutWriter{w, time.Now()}
		next.ServeHTTP(pw, r)
		pw.renew() // for what net/http still has in its buffer
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
	since time.Time // when the answer last got time
}

// renew gives the answer time anew, once a second.
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

// WriteHeader writes at once what informs (1xx).
func (w *idleTimeoutWriter) WriteHeader(status int) {
	if status < http.StatusOK {
		w.renew()
	}
	w.ResponseWriter.WriteHeader(status)
}

// FlushError is for http.ResponseController.
func (w *idleTimeoutWriter) FlushError() error {
	w.renew()
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Unwrap is for http.ResponseController.
func (w *idleTimeoutWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
