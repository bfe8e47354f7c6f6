package composer

import (
	"net/http"

	"selvedge/composer/internal/header"
	"selvedge/composer/internal/page"
	"selvedge/composer/internal/requestbody"
)

// forwardWriter is the ResponseWriter of a fragment for a form or an API call. Before the
// first byte of the response, the browser has received nothing, and the composer can
// answer with an error instead.
//
//   - A response that is to be shown in a page is kept as a whole.
//   - The beginning of any other response is buffered. When the response is complete,
//     flushed, or larger than forwardBuffer, the request gives back its slot, so that a slow
//     reader occupies none.
//   - Informational responses (1xx) and trailers are dropped.
type forwardWriter struct {
	w       http.ResponseWriter
	begins  func(status int, h http.Header) // called at the beginning of the response
	cookies func(h http.Header) []string    // the Set-Cookie fields that the browser gets
	body    *requestbody.Body               // of the request
	release func()                          // gives back the slot; nil: there is none yet
	header  http.Header
	limit   int
	status  int                    // of the response; 0: there is none yet
	shown   *page.BufferedResponse // the response for a page, or nil
	buffer  []byte                 // the beginning of the body, not sent yet
	left    bool                   // status and header have been sent
}

// forwardBuffer bounds the buffered beginning of a response, in bytes.
const forwardBuffer = 64 << 10

func newForwardWriter(w http.ResponseWriter, limit int, cookies func(http.Header) []string, begins func(int, http.Header)) *forwardWriter {
	return &forwardWriter{w: w, begins: begins, cookies: cookies, header: make(http.Header), limit: limit}
}

func (a *forwardWriter) Header() http.Header { return a.header }

func (a *forwardWriter) WriteHeader(status int) {
	if a.status != 0 || status < 200 {
		return
	}
	a.status = status
	header.AddSetCookies(a.w.Header(), a.cookies(a.header))
	if status >= 400 && page.IsShown(a.header) {
		a.shown = &page.BufferedResponse{HeaderMap: a.header, Limit: a.limit}
		return
	}
	a.begins(status, a.header)
	header.CopyToBrowser(a.w.Header(), a.header)
}

// Write never fails for a response that is kept: its end says whether it is too large.
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

// send sends the status, the header and the buffer to the client, and gives back the slot.
// From then on, writes wait for the client.
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

// FlushError is for http.ResponseController. It does nothing for a response that is kept.
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

// begun reports whether the response has begun, so that an error can no longer replace it.
func (a *forwardWriter) begun() bool { return a.status != 0 && a.shown == nil }
