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
// passes a proxy may be of any size, or never end.
func patient(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		deadlines := http.NewResponseController(w)
		if r.Body == nil || r.Body == http.NoBody {
			_ = deadlines.SetReadDeadline(time.Time{}) // or its end would count as the visitor's
		} else {
			r.Body = &patientBody{r.Body, deadlines}
		}
		next.ServeHTTP(&patientWriter{w, deadlines}, r)
	})
}

type patientBody struct {
	io.ReadCloser
	deadlines *http.ResponseController
}

func (b *patientBody) Read(p []byte) (int, error) {
	_ = b.deadlines.SetReadDeadline(time.Now().Add(nextByte))
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		_ = b.deadlines.SetReadDeadline(time.Time{})
	}
	return n, err
}

type patientWriter struct {
	http.ResponseWriter
	deadlines *http.ResponseController
}

func (w *patientWriter) Write(p []byte) (int, error) {
	_ = w.deadlines.SetWriteDeadline(time.Now().Add(nextByte))
	return w.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController.
func (w *patientWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
