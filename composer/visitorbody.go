package composer

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"selvedge/composer/internal/header"
)

// A visitor can send the body of a request as slowly as they like, and must not
// hold a place among the requests in flight to a source meanwhile. So the
// beginning of a body is read before the request asks for a place. A body that is
// longer than aheadSize bytes, or takes longer than aheadTime, asks for a place
// of those for uploads.
const (
	aheadSize = 64 << 10
	aheadTime = time.Second
)

// visitorBody is the body of a visitor's request. It remembers why it could not
// be read, because that says nothing of the source which the request is for. A
// nil *visitorBody is that of a request without a body.
type visitorBody struct {
	source io.ReadCloser
	w      http.ResponseWriter // of the same request

	mu      sync.Mutex
	changed sync.Cond
	ahead   []byte // what was read and not yet taken
	reading bool   // a Read of source is in progress
	sent    bool   // the request goes on: no more is read ahead
	closed  bool
	err     error // that source ended with; nil: it has not ended
}

// newVisitorBody puts itself in the place of a request's body, which the request
// must not share with others. The caller calls end before its handler returns.
func newVisitorBody(w http.ResponseWriter, r *http.Request) *visitorBody {
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	b := &visitorBody{source: r.Body, w: w}
	b.changed.L = &b.mu
	r.Body = b
	return b
}

// readAhead reads the beginning of the body. The error is a *RequestError, or
// the cause of the context's end. A visitor who waits for 100 (Continue) sends
// nothing before the source has seen the header (RFC 9110 §10.1.1), so nothing is
// read ahead then.
func (b *visitorBody) readAhead(r *http.Request) error {
	if b == nil || header.ExpectsContinue(r) {
		return nil
	}
	done := make(chan struct{})
	go b.fill(max(r.ContentLength, 0), done)
	timer := time.NewTimer(aheadTime)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
	case <-r.Context().Done():
		if failure := b.failureWhen(r.Context()); failure != nil {
			return failure
		}
		return context.Cause(r.Context())
	}
	b.mu.Lock()
	b.sent = true
	b.mu.Unlock()
	return b.failure()
}

// fill reads source until it ends, aheadSize bytes are there, or the request
// goes on.
func (b *visitorBody) fill(length int64, done chan<- struct{}) {
	defer close(done)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ahead = make([]byte, 0, min(length, aheadSize)+1)
	for taken := 0; b.err == nil && !b.sent && !b.closed && taken <= aheadSize; {
		if len(b.ahead) == cap(b.ahead) {
			b.ahead = append(make([]byte, 0, min(2*cap(b.ahead)+minRead, aheadSize+1)), b.ahead...)
		}
		free := b.ahead[len(b.ahead):cap(b.ahead)]
		n, _ := b.read(free)
		taken += n
		b.ahead = b.ahead[:len(b.ahead)+n]
	}
}

// minRead is how much room there is for the first bytes of a body of unknown
// length, at least.
const minRead = 512

// read reads from source, without the lock that the caller holds.
func (b *visitorBody) read(p []byte) (int, error) {
	b.reading = true
	b.mu.Unlock()
	n, err := b.source.Read(p)
	b.mu.Lock()
	b.reading, b.err = false, err
	b.changed.Broadcast()
	return n, err
}

// Read returns what was read ahead, and then what comes.
func (b *visitorBody) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for {
		switch {
		case b.closed:
			return 0, http.ErrBodyReadAfterClose
		case len(b.ahead) > 0:
			n := copy(p, b.ahead)
			b.ahead = b.ahead[n:]
			return n, nil
		case b.err != nil:
			return 0, b.err
		case !b.reading:
			return b.read(p)
		}
		b.changed.Wait()
	}
}

// Close ends the reading of the body. A Read that is in progress goes on until
// end.
func (b *visitorBody) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	b.changed.Broadcast()
	return nil
}

// cut makes a Read in progress fail, and all that come later.
func (b *visitorBody) cut() {
	if b == nil {
		return
	}
	_ = b.Close()
	if b.isReading() {
		_ = b.interrupt()
	}
}

// end returns when nothing reads the body any more. A Read in progress, which is
// for an answer that did not need all of the body, is cut off.
func (b *visitorBody) end() {
	if b == nil {
		return
	}
	_ = b.Close()
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.reading || b.interrupt() != nil {
		return
	}
	for b.reading {
		b.changed.Wait()
	}
	_ = b.interrupt() // for net/http, which reads the rest: see closeAfter
}

// interrupt makes all reading of the connection fail.
func (b *visitorBody) interrupt() error {
	return http.NewResponseController(b.w).SetReadDeadline(time.Now())
}

// isReading reports whether more is waited for from the visitor.
func (b *visitorBody) isReading() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.reading
}

// isComplete reports whether the visitor has sent all of the body.
func (b *visitorBody) isComplete() bool {
	if b == nil {
		return true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err == io.EOF //nolint:errorlint // an error that wraps io.EOF is not the end
}

// closeAfter lets the connection end with an answer that leaves before the body
// is there: what is left of the body must not be read as the next request.
func (b *visitorBody) closeAfter(answer http.Header) {
	if !b.isComplete() {
		answer.Set("Connection", "close")
	}
}

// failure returns a *RequestError if the body could not be read, or nil.
func (b *visitorBody) failure() error {
	if b == nil {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err == nil || b.err == io.EOF { //nolint:errorlint // as in isComplete
		return nil
	}
	return &RequestError{Status: bodyStatus(b.err), Err: b.err}
}

// failureWhen is failure for a request that failed, with its context. If its time
// is over while more is waited for from the visitor, the visitor is too slow. The
// body cannot be read any more if the context has ended.
func (b *visitorBody) failureWhen(ctx context.Context) error {
	if b == nil || ctx.Err() == nil {
		return b.failure()
	}
	late := errors.Is(ctx.Err(), context.DeadlineExceeded)
	slow := late && b.isReading()
	b.end() // net/http ends the context before the Read that fails returns
	failure := b.failure()
	switch {
	case slow:
		return &RequestError{Status: http.StatusRequestTimeout, Err: context.Cause(ctx)}
	case failure != nil && !late && StatusOf(failure) == http.StatusRequestTimeout:
		return nil // the visitor left, and end has cut off the Read
	}
	return failure
}

// bodyStatus returns the status for a body that cannot be read: too large, too
// slow, or malformed (RFC 9110 §15.5).
func bodyStatus(err error) int {
	var tooLarge *http.MaxBytesError
	var network net.Error
	switch {
	case errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge
	case errors.As(err, &network) && network.Timeout():
		return http.StatusRequestTimeout
	}
	return http.StatusBadRequest
}
