package main

import (
	"io"
	"net/http"
	"time"
)

// nextByte is how long a proxy waits for the next byte of who sends it, or for
// room for one at who receives it.
const nextByte = time.Minute

// patient lets a request and its answer take as long as they go on: what
// passes a proxy may be of any size, or never end. The server that it is for has
// a WriteTimeout of at least nextByte. Its ReadTimeout does not count for an
// answer: net/http takes it back once all of the request is there.
func patient(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body != nil && r.Body != http.NoBody {
			r.Body = &patientBody{r.Body, w}
		}
		pw := &patientWriter{w, time.Now()}
		next.ServeHTTP(pw, r)
		pw.renew() // for what net/http still has in its buffer
	})
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
	since time.Time // when the answer last got time
}

// renew gives the answer time anew, once a second.
func (w *patientWriter) renew() {
	if now := time.Now(); now.Sub(w.since) > time.Second {
		_ = http.NewResponseController(w.ResponseWriter).SetWriteDeadline(now.Add(nextByte))
		w.since = now
	}
}

func (w *patientWriter) Write(p []byte) (int, error) {
	w.renew()
	return w.ResponseWriter.Write(p)
}

// WriteHeader writes at once what informs (1xx).
func (w *patientWriter) WriteHeader(status int) {
	if status < http.StatusOK {
		w.renew()
	}
	w.ResponseWriter.WriteHeader(status)
}

// FlushError is for http.ResponseController.
func (w *patientWriter) FlushError() error {
	w.renew()
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Unwrap is for http.ResponseController.
func (w *patientWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
