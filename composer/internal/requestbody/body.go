package requestbody

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

// The beginning of a body is read ahead: up to aheadSize bytes, for aheadTime at most.
const (
	aheadSize = 64 << 10
	aheadTime = time.Second
)

// minRead is the smallest buffer for a body of unknown length, in bytes.
const minRead = 512

// Error says that the body of a client's request could not be read.
type Error struct {
	Status int   // 400: malformed, or incomplete; 408: too slow; 413: too large
	Err    error // the reason
}

// Error returns the reason.
func (e *Error) Error() string { return "the body of the request: " + e.Err.Error() }

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// Body is the body of a client's request. It remembers why it could not be read, because
// such an error says nothing about the source of the response. A nil *Body is the body of
// a request without one. It is safe for concurrent use.
type Body struct {
	source io.ReadCloser
	w      http.ResponseWriter // of the same request

	mu        sync.Mutex
	changed   sync.Cond
	ahead     []byte // read ahead, and not returned by Read yet
	isReading bool   // a Read of source is in progress
	isSent    bool   // the request goes on, so nothing more is read ahead
	isClosed  bool
	err       error // the last one of source
}

// New replaces the body of a request, which the request must not share with others, and
// returns the new one. The caller calls End before its handler returns.
func New(w http.ResponseWriter, r *http.Request) *Body {
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	b := &Body{source: r.Body, w: w}
	b.changed.L = &b.mu
	r.Body = b
	return b
}

// ReadAhead reads the beginning of the body. The error is an *Error, or the cause of the
// context's end. Nothing is read ahead for a client that waits for 100 (Continue), because
// it sends nothing until the source has received the header (RFC 9110 §10.1.1).
func (b *Body) ReadAhead(r *http.Request) error {
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
		if err := b.ErrWhen(r.Context()); err != nil {
			return err
		}
		return context.Cause(r.Context())
	}
	b.mu.Lock()
	b.isSent = true
	b.mu.Unlock()
	return b.Err()
}

// fill reads from source until its end, until aheadSize bytes are there, or until the
// request goes on.
func (b *Body) fill(length int64, done chan<- struct{}) {
	defer close(done)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ahead = make([]byte, 0, min(length, aheadSize)+1)
	for total := 0; b.err == nil && !b.isSent && !b.isClosed && total <= aheadSize; {
		if len(b.ahead) == cap(b.ahead) {
			b.ahead = append(make([]byte, 0, min(2*cap(b.ahead)+minRead, aheadSize+1)), b.ahead...)
		}
		free := b.ahead[len(b.ahead):cap(b.ahead)]
		n, _ := b.read(free)
		total += n
		b.ahead = b.ahead[:len(b.ahead)+n]
	}
}

// read reads from source. The caller holds the lock, which read releases meanwhile.
func (b *Body) read(p []byte) (int, error) {
	b.isReading = true
	b.mu.Unlock()
	n, err := b.source.Read(p)
	b.mu.Lock()
	b.isReading, b.err = false, err
	b.changed.Broadcast()
	return n, err
}

// Read returns the bytes that were read ahead, and then those of the client.
func (b *Body) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for {
		switch {
		case b.isClosed:
			return 0, http.ErrBodyReadAfterClose
		case len(b.ahead) > 0:
			n := copy(p, b.ahead)
			b.ahead = b.ahead[n:]
			return n, nil
		case b.err != nil:
			return 0, b.err
		case !b.isReading:
			return b.read(p)
		}
		b.changed.Wait()
	}
}

// Close makes all later calls of Read fail. A Read in progress continues until End.
func (b *Body) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.isClosed = true
	b.changed.Broadcast()
	return nil
}

// Interrupt makes a Read in progress fail, and all later ones.
func (b *Body) Interrupt() {
	if b == nil {
		return
	}
	_ = b.Close()
	if b.awaitsClient() {
		_ = b.expireConnection()
	}
}

// End interrupts a Read in progress, as there is for a response that did not need the
// whole body, and returns when it has ended.
func (b *Body) End() {
	if b == nil {
		return
	}
	_ = b.Close()
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.isReading || b.expireConnection() != nil {
		return
	}
	for b.isReading {
		b.changed.Wait()
	}
	_ = b.expireConnection() // for net/http, which reads the rest: see CloseConnection
}

// expireConnection makes all reads of the connection fail.
func (b *Body) expireConnection() error {
	return http.NewResponseController(b.w).SetReadDeadline(time.Now())
}

// awaitsClient reports whether a Read waits for the client.
func (b *Body) awaitsClient() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.isReading
}

// IsComplete reports whether the client has sent the whole body.
func (b *Body) IsComplete() bool {
	if b == nil {
		return true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err == io.EOF //nolint:errorlint // an error that wraps io.EOF is not the end
}

// CloseConnection sets Connection: close in the header of a response that is sent before
// the body is complete. The rest of the body must not be read as the next request.
func (b *Body) CloseConnection(response http.Header) {
	if !b.IsComplete() {
		response.Set("Connection", "close")
	}
}

// Err returns an *Error if the body could not be read, or nil.
func (b *Body) Err() error {
	if b == nil {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err == nil || b.err == io.EOF { //nolint:errorlint // as in IsComplete
		return nil
	}
	return &Error{Status: statusOf(b.err), Err: b.err}
}

// ErrWhen returns what Err returns, for a request that failed, with its context. After a
// timeout during which a Read waited for the client, the client is too slow (408). If the
// context has ended, the body cannot be read any more.
func (b *Body) ErrWhen(ctx context.Context) error {
	if b == nil || ctx.Err() == nil {
		return b.Err()
	}
	isLate := errors.Is(ctx.Err(), context.DeadlineExceeded)
	isSlow := isLate && b.awaitsClient()
	b.End() // because net/http ends the context before the Read that fails returns
	err := b.Err()
	var failed *Error
	switch {
	case isSlow:
		return &Error{Status: http.StatusRequestTimeout, Err: context.Cause(ctx)}
	case errors.As(err, &failed) && !isLate && failed.Status == http.StatusRequestTimeout:
		return nil // the client left, and End has interrupted the Read
	}
	return err
}

// statusOf returns the status for an error of a body (RFC 9110 §15.5).
func statusOf(err error) int {
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
