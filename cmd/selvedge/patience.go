package main

import (
	"context"
	"io"
	"net/http"
	"time"
)

// nextByte is how long a proxy waits for the next byte of who sends it, or for
// room for one at who receives it.
const nextByte = time.Minute

// patient lets a request and its answer take as long as they go on: what
// passes a proxy may be of any size, or never end. The server that it is for has
// withPace, and no WriteTimeout, which would be for a whole answer. Its
// ReadTimeout does not count for an answer: net/http takes it back once all of
// the request is there.
func patient(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body != nil && r.Body != http.NoBody {
			r.Body = &patientBody{r.Body, w}
		}
		pw := &patientWriter{w, r.Context().Value(paceKey{}).(*pace)}
		next.ServeHTTP(pw, r)
		pw.renew() // for what net/http still has in its buffer
	})
}

// pace is when a connection last got time for writing. That is renewed once a
// second, and not for each of the answers that it has in one.
type pace struct{ since time.Time }

type paceKey struct{}

// withPace is for [http.Server.ConnContext].
func withPace(ctx context.Context) context.Context {
	return context.WithValue(ctx, paceKey{}, new(pace))
}

type patientBody struct {
	io.ReadCloser
	w http.ResponseWriter
}

func (b *patientBody) Read(p []byte) (int, error) {
	b.wait(time.Now().Add(nextByte))
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		b.wait(time.Time{})
	}
	return n, err
}

func (b *patientBody) wait(until time.Time) {
	_ = http.NewResponseController(b.w).SetReadDeadline(until)
}

type patientWriter struct {
	http.ResponseWriter
	pace *pace
}

func (w *patientWriter) renew() {
	if now := time.Now(); now.Sub(w.pace.since) > time.Second {
		_ = http.NewResponseController(w.ResponseWriter).SetWriteDeadline(now.Add(nextByte))
		w.pace.since = now
	}
}

func (w *patientWriter) Write(p []byte) (int, error) {
	w.renew()
	return w.ResponseWriter.Write(p)
}

// WriteHeader writes at once what informs (1xx).
func (w *patientWriter) WriteHeader(status int) {
	w.renew()
	w.ResponseWriter.WriteHeader(status)
}

// FlushError is for http.ResponseController.
func (w *patientWriter) FlushError() error {
	w.renew()
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Unwrap is for http.ResponseController.
func (w *patientWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
