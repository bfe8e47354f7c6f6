package stream

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
)

// ErrTooLarge says that a body has more bytes than its limit.
var ErrTooLarge = errors.New("the answer is too large")

// An Observer reads a body along with those who wait for it. A body calls it with
// its lock held, from the goroutine that writes.
type Observer interface {
	// Write takes the next bytes, and keeps them.
	Write(p []byte)

	// Close ends the body, which is whole, and returns all of its bytes.
	Close() []byte
}

// A Handoff is the request whose response has the body.
type Handoff interface {
	// Detach ties the request to its one reader. It reports false if the request
	// was already canceled.
	Detach() bool

	// Close ends the request.
	Close()
}

// A Body is the body of a response while it arrives. One goroutine writes it; any
// number may read it, unless it passes through. Its exported fields are set before
// its first use.
type Body struct {
	// Limit is how many bytes are kept. A larger body fails with ErrTooLarge, or
	// passes through.
	Limit int

	// Observer reads the body along, and keeps its bytes until the end. If it is
	// nil, the body keeps them, and readers may have them before the end.
	Observer Observer

	// Handoff lets the body pass through. If it is nil, all of the body is kept.
	Handoff Handoff

	mu      sync.Mutex
	size    int    // bytes that came
	bytes   []byte // only appended to, so a reader's part of it stays as it is
	ended   bool
	err     error         // why it ended too early
	trailer http.Header   // that came after the body
	more    chan struct{} // closed when there is more; nil: nobody waits
	through through
}

// Write takes the next bytes. It fails for good once the limit is passed.
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

// keep takes the next bytes, if there is room for them. The lock is held.
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

// End says that no more bytes come: the body is whole if err is nil, and otherwise
// broken. Calls after the first do nothing.
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

// SetTrailer keeps the trailer section. It is called before End.
func (b *Body) SetTrailer(trailer http.Header) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trailer = trailer
}

// Trailer returns the trailer section of a body that has ended.
func (b *Body) Trailer() http.Header {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.trailer
}

// Err returns why the body ended too early, or nil.
func (b *Body) Err() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err
}

// Bytes returns the bytes that are kept so far. With an Observer there are none
// before the end.
func (b *Body) Bytes() []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.bytes
}

// broadcast wakes the readers. The lock is held.
func (b *Body) broadcast() {
	if b.more != nil {
		close(b.more)
		b.more = nil
	}
}

// Wake wakes all readers that wait, although nothing has arrived.
func (b *Body) Wake() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.broadcast()
}

// wait returns a channel that is closed when there is more. The lock is held.
func (b *Body) wait() <-chan struct{} {
	if b.more == nil {
		b.more = make(chan struct{})
	}
	return b.more
}

// Next returns the bytes from an offset on. If there are none yet, it returns a
// channel that is closed when there are. At the end of the body it returns neither,
// or the reason if the body is broken.
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

// Observe calls read with the lock held, so that it may look at what the Observer has
// made. If read reports that there is nothing new, Observe returns what Next would
// return without bytes.
func (b *Body) Observe(read func() (found bool)) (<-chan struct{}, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if read() {
		return nil, nil
	}
	return b.unlessEnded()
}

// unlessEnded returns a channel to wait for, or at the end why the body is broken. The
// lock is held.
func (b *Body) unlessEnded() (<-chan struct{}, error) {
	if !b.ended {
		return b.wait(), nil
	}
	return nil, b.err
}

// WaitComplete waits for the end of the body. The error is the reason if the body is
// broken, ErrNotKept if it passes through, or the cause of the context's end.
func (b *Body) WaitComplete(ctx context.Context) error {
	for {
		more, err := b.untilComplete()
		if more == nil {
			return err
		}
		select {
		case <-more:
		case <-ctx.Done():
			if more, err = b.untilComplete(); more == nil { // it has ended, too
				return err
			}
			return context.Cause(ctx)
		}
	}
}

// untilComplete returns a channel to wait for until the body is whole, or nil and why
// it will not be.
func (b *Body) untilComplete() (<-chan struct{}, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.through.on {
		return nil, ErrNotKept
	}
	return b.unlessEnded()
}
