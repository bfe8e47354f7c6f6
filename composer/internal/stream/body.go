package stream

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
)

// ErrTooLarge reports a body that exceeds its limit.
var ErrTooLarge = errors.New("the answer is too large")

// An Observer reads a body while it arrives. The body calls its Observer with the body's
// lock held, from the goroutine that writes.
type Observer interface {
	// Write receives the next bytes and keeps them.
	Write(p []byte)

	// Close ends a complete body and returns all its bytes.
	Close() []byte
}

// A Handoff controls the request whose response has the body.
type Handoff interface {
	// Detach ties the request to its one reader. Detach returns false if the request was
	// already canceled.
	Detach() bool

	// Close ends the request.
	Close()
}

// A Body is the body of a response while it arrives. One goroutine writes a Body. Any
// number of goroutines may read it unless it passes through: then it has one reader. The
// exported fields are set before the first use.
type Body struct {
	// Limit is the number of bytes a Body keeps. A larger body passes through if it is
	// written by Pump, and fails with ErrTooLarge otherwise.
	Limit int

	// Observer receives the body while it arrives, and keeps the bytes until the end.
	// With a nil Observer the Body keeps the bytes, and readers may have them before the
	// end.
	Observer Observer

	// Handoff lets the body pass through. With a nil Handoff all of the body is kept.
	Handoff Handoff

	mu      sync.Mutex
	size    int    // bytes received
	bytes   []byte // append-only, so a slice handed to a reader stays valid
	ended   bool
	err     error         // cause of a premature end
	trailer http.Header   // received after the body
	more    chan struct{} // closed when more has arrived; nil if no reader waits
	through through
}

// Write appends p to the body. If p exceeds the limit, Write keeps none of p and returns
// ErrTooLarge. After End, Write returns io.ErrClosedPipe.
func (b *Body) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.ended:
		return 0, io.ErrClosedPipe
	case !b.keep(p):
		return 0, ErrTooLarge
	}
	return len(p), nil
}

// keep appends p to the body and reports whether the limit had room for p. The caller
// holds the lock.
func (b *Body) keep(p []byte) bool {
	if b.through.on || b.size+len(p) > b.Limit {
		return false
	}
	b.size += len(p)
	if b.Observer != nil {
		b.Observer.Write(p)
	} else {
		b.bytes = append(b.bytes, p...)
	}
	b.broadcast()
	return true
}

// End marks the end of the body. The body is complete if err is nil, and broken
// otherwise. Calls after the first have no effect.
func (b *Body) End(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended {
		return
	}
	b.ended, b.err = true, err
	if err == nil && b.Observer != nil {
		b.bytes = b.Observer.Close()
	}
	b.broadcast()
}

// SetTrailer sets the trailer section. The writer calls it before End.
func (b *Body) SetTrailer(trailer http.Header) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trailer = trailer
}

// Trailer returns the trailer section of an ended body.
func (b *Body) Trailer() http.Header {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.trailer
}

// Err returns the cause of a premature end of the body, or nil.
func (b *Body) Err() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err
}

// Bytes returns the bytes received so far. With an Observer it returns none before the
// end.
func (b *Body) Bytes() []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.bytes
}

// broadcast wakes all waiting readers. The caller holds the lock.
func (b *Body) broadcast() {
	if b.more != nil {
		close(b.more)
		b.more = nil
	}
}

// Wake wakes all waiting readers although no bytes have arrived.
func (b *Body) Wake() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.broadcast()
}

// wait returns a channel that is closed when more has arrived. The caller holds the lock.
func (b *Body) wait() <-chan struct{} {
	if b.more == nil {
		b.more = make(chan struct{})
	}
	return b.more
}

// Next returns the result for a reader at an offset:
//
//   - the bytes from the offset on, if the body has some,
//   - a channel that is closed when more has arrived, if the body has not ended,
//   - the cause, if the body is broken,
//   - nil, nil and nil at the end of a complete body.
func (b *Body) Next(offset int) ([]byte, <-chan struct{}, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case offset < len(b.bytes):
		return b.bytes[offset:len(b.bytes):len(b.bytes)], nil, nil
	case offset < b.size && b.through.on:
		return b.passed(offset), nil, nil
	}
	b.taken()
	more, err := b.unlessEnded()
	return nil, more, err
}

// Observe calls read with the lock held, so that read may look at the Observer's result.
// If read returns false, Observe returns the same channel or error as Next does without
// bytes.
func (b *Body) Observe(read func() (found bool)) (<-chan struct{}, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if read() {
		return nil, nil
	}
	return b.unlessEnded()
}

// unlessEnded returns a channel that is closed when more has arrived. If the body has
// ended, it returns nil and the cause of a premature end. The caller holds the lock.
func (b *Body) unlessEnded() (<-chan struct{}, error) {
	if !b.ended {
		return b.wait(), nil
	}
	return nil, b.err
}

// WaitComplete waits for the end of the body. The error is
//
//   - the cause, if the body is broken,
//   - ErrNotKept, if the body passes through,
//   - the cause of the context's end, if the context ends first.
func (b *Body) WaitComplete(ctx context.Context) error {
	for {
		more, err := b.untilComplete()
		if more == nil {
			return err
		}
		select {
		case <-more:
		case <-ctx.Done():
			if more, err = b.untilComplete(); more == nil { // the body has ended as well
				return err
			}
			return context.Cause(ctx)
		}
	}
}

// untilComplete returns a channel that is closed when more has arrived. Without a
// channel, the error is
//
//   - nil, if the body is complete,
//   - the cause, if the body is broken,
//   - ErrNotKept, if the body passes through.
func (b *Body) untilComplete() (<-chan struct{}, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.through.on {
		return nil, ErrNotKept
	}
	return b.unlessEnded()
}
