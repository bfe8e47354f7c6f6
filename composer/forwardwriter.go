package composer

import (
	"net/http"

	"selvedge/composer/internal/header"
	"selvedge/composer/internal/page"
	"selvedge/composer/internal/requestbody"
)

// forwardWriter is the ResponseWriter that a fragment answers a form or an API
// call with. Nothing reaches the browser before the fragment's first byte, the
// header included, so that until then something else can be answered. An
// answer that is to be shown in a page is kept back whole.
//
// The beginning of any answer is buffered, so that the place of its request among
// those in flight is given back before a visitor who reads slowly is waited for:
// when the answer is complete, flushed, or larger than forwardBuffer.
//
// Informational answers (1xx) and trailers go no further.
type forwardWriter struct {
	w       http.ResponseWriter
	begins  func(status int, h http.Header) // called when the answer begins
	body    *requestbody.Body               // of the request
	release func()                          // gives back the place; nil: there is none yet
	header  http.Header
	limit   int
	status  int                    // 0: nothing was answered
	shown   *page.BufferedResponse // the answer kept back, or nil
	buffer  []byte                 // what has not left
	left    bool                   // status and header have left
}

// forwardBuffer is how much of an answer to a form or an API call is buffered, in
// bytes.
const forwardBuffer = 64 << 10

func newForwardWriter(w http.ResponseWriter, limit int, begins func(int, http.Header)) *forwardWriter {
	return &forwardWriter{w: w, begins: begins, header: make(http.Header), limit: limit}
}

func (a *forwardWriter) Header() http.Header { return a.header }

func (a *forwardWriter) WriteHeader(status int) {
	if a.status != 0 || status < 200 {
		return
	}
	a.status = status
	if status >= 400 && page.IsShown(a.header) {
		a.shown = &page.BufferedResponse{HeaderMap: a.header, Limit: a.limit}
		return
	}
	a.begins(status, a.header)
	header.CopyToBrowser(a.w.Header(), a.header)
}

// Write never fails for an answer that is kept back: if it is too large, that
// is said when it is complete.
func (a *forwardWriter) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	if a.shown != nil {
		_, _ = a.shown.Write(p)
		return len(p), nil
	}
	if !a.left && len(a.buffer)+len(p) <= forwardBuffer {
		a.buffer = append(a.buffer, p...)
		return len(p), nil
	}
	if err := a.send(); err != nil {
		return 0, err
	}
	return a.w.Write(p)
}

// send lets what is buffered leave. From here on the visitor is waited for.
func (a *forwardWriter) send() error {
	if a.left || !a.begun() {
		return nil
	}
	a.left = true
	if a.release != nil {
		a.release()
	}
	a.body.CloseConnection(a.w.Header())
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
func (a *forwardWriter) FlushError() error {
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
func (a *forwardWriter) Unwrap() http.ResponseWriter { return a.w }

// begun reports whether there is an answer that something else cannot take the
// place of.
func (a *forwardWriter) begun() bool { return a.status != 0 && a.shown == nil }
