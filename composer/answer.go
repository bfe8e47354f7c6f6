package composer

import (
	"bytes"
	"net/http"

	"selvedge/composer/internal/header"
	"selvedge/composer/internal/stream"
)

// answerWriter is the ResponseWriter that a fragment answers a form or an API
// call with. Nothing reaches the browser before the fragment's first byte, the
// header included, so that until then something else can be answered. An
// answer that is to be shown in a page is kept back whole.
//
// The beginning of any answer is buffered, so that the place of its request among
// those in flight is given back before a visitor who reads slowly is waited for:
// when the answer is complete, flushed, or larger than answerBuffer.
//
// Informational answers (1xx) and trailers go no further.
type answerWriter struct {
	w       http.ResponseWriter
	begins  func(status int, h http.Header) // called when the answer begins
	body    *visitorBody                    // of the request
	release func()                          // gives back the place; nil: there is none yet
	header  http.Header
	limit   int
	status  int     // 0: nothing was answered
	shown   *keeper // the answer kept back, or nil
	buffer  []byte  // what has not left
	left    bool    // status and header have left
}

// answerBuffer is how much of an answer to a form or an API call is buffered, in
// bytes.
const answerBuffer = 64 << 10

func newAnswerWriter(w http.ResponseWriter, limit int, begins func(int, http.Header)) *answerWriter {
	return &answerWriter{w: w, begins: begins, header: make(http.Header), limit: limit}
}

func (a *answerWriter) Header() http.Header { return a.header }

func (a *answerWriter) WriteHeader(status int) {
	if a.status != 0 || status < 200 {
		return
	}
	a.status = status
	if status >= 400 && isShown(a.header) {
		a.shown = &keeper{header: a.header, limit: a.limit}
		return
	}
	a.begins(status, a.header)
	header.CopyToBrowser(a.w.Header(), a.header)
}

// Write never fails for an answer that is kept back: if it is too large, that
// is said when it is complete.
func (a *answerWriter) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	if a.shown != nil {
		_, _ = a.shown.Write(p)
		return len(p), nil
	}
	if !a.left && len(a.buffer)+len(p) <= answerBuffer {
		a.buffer = append(a.buffer, p...)
		return len(p), nil
	}
	if err := a.send(); err != nil {
		return 0, err
	}
	return a.w.Write(p)
}

// send lets what is buffered leave. From here on the visitor is waited for.
func (a *answerWriter) send() error {
	if a.left || !a.begun() {
		return nil
	}
	a.left = true
	if a.release != nil {
		a.release()
	}
	a.body.closeAfter(a.w.Header())
	a.w.WriteHeader(a.status)
	if len(a.buffer) == 0 {
		return nil
	}
	_, err := a.w.Write(a.buffer)
	a.buffer = nil
	return err
}

// FlushError is for http.ResponseController, which must not flush past an
// answer that is kept back.
func (a *answerWriter) FlushError() error {
	a.WriteHeader(http.StatusOK)
	if a.shown != nil {
		return nil
	}
	if err := a.send(); err != nil {
		return err
	}
	return http.NewResponseController(a.w).Flush()
}

// Unwrap is for http.ResponseController.
func (a *answerWriter) Unwrap() http.ResponseWriter { return a.w }

// begun reports whether there is an answer that something else cannot take the
// place of.
func (a *answerWriter) begun() bool { return a.status != 0 && a.shown == nil }

// keeper is a ResponseWriter that keeps a body in memory, up to a limit.
type keeper struct {
	header   http.Header
	body     bytes.Buffer
	limit    int // bytes
	tooLarge bool
}

func (k *keeper) Header() http.Header { return k.header }

func (k *keeper) WriteHeader(int) {}

// Write keeps p, or fails for good once the limit is passed.
func (k *keeper) Write(p []byte) (int, error) {
	if k.tooLarge || k.body.Len()+len(p) > k.limit {
		k.tooLarge = true
		return 0, stream.ErrTooLarge
	}
	return k.body.Write(p)
}
