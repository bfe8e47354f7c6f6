package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"time"

	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/document"
	"selvedge/composer/internal/encoding"
	"selvedge/composer/internal/header"
)

// callHandler runs a handler of this process. If the context of the request ends first,
// callHandler returns at once and discards the later response. A handler that ignores its
// context therefore costs a goroutine, and does not delay the page.
func (f *Fetcher) callHandler(handler http.Handler, r *http.Request, q *Request, started time.Time) (cache.Fetched, error) {
	w := newResponseRecorder(f.Limit(q))
	go func() {
		GrowStack(q.Level)
		defer func() {
			if p := recover(); p != nil {
				f.LogPanic(r.URL, p)
				w.end(ErrPanic)
			}
		}()
		handler.ServeHTTP(w, r)
		w.end(nil)
	}()
	select {
	case <-w.headerReady:
	case <-r.Context().Done():
		w.discard()
		return cache.Fetched{}, context.Cause(r.Context())
	}
	if w.isWhole && w.err != nil {
		return cache.Fetched{}, w.err
	}
	if err := checkStatus(w.status); err != nil {
		w.discard()
		return cache.Fetched{}, err
	}
	begun := f.Begin(q, started, w.status, w.header)
	as := f.reading(begun, f.Compiles(w.header))
	if !w.isWhole {
		coming := begun.Head.Receive(begun.Response, w.peek(), f.Limit(q), as)
		return begun.Fetched(func() {
			w.copyTo(r.Context(), coming)
			f.logTemplateWarnings(q, document.ComingProgram(coming))
		}), nil
	}
	coding := header.ContentCoding(w.header)
	f.warnUnknownCoding(q, coding)
	body, err := encoding.DecodeBytes(coding, w.buffer.Bytes(), f.Limit(q))
	if err != nil {
		return cache.Fetched{}, err
	}
	begun.removeCoding(coding)
	if as != document.AsText { // because the program refers to the body
		body = cache.Clip(body)
	}
	return begun.Finish(body, f.compile(q, body, as)), nil
}

// LogPanic logs the panic of a fragment's handler.
func (f *Fetcher) LogPanic(u *url.URL, p any) {
	if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		return
	}
	f.options.Logger.Error("a fragment panicked", "path", u.Path, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
}

// stackSize is the approximate stack size of a fetch, in bytes.
const stackSize = 6 << 10

// GrowStack is the first call of a goroutine with a deep stack. The empty stack grows
// once. Otherwise the stack would grow several times, and be copied each time.
//
//go:noinline
func GrowStack(i int) byte {
	var room [stackSize]byte
	return room[uint(i)%stackSize]
}
