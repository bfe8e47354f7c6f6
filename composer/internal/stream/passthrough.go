package stream

import (
	"context"
	"errors"
)

// ErrNotKept says that a body passes through, and is only for the reader who began to
// read it.
var ErrNotKept = errors.New("the answer is too large or too slow to be kept")

// through is what a body that passes through has beside the bytes that were kept
// before.
type through struct {
	on    bool
	bytes []byte        // the last ones that came
	taken chan struct{} // closed when they have been read; nil: they have
}

// put keeps the next bytes, or lets them pass through and waits until they have been
// read.
func (b *Body) put(ctx context.Context, p []byte) error {
	b.mu.Lock()
	if b.keep(p) {
		b.mu.Unlock()
		return nil
	}
	b.passThrough()
	taken := make(chan struct{})
	b.size += len(p)
	b.through.bytes, b.through.taken = p, taken
	b.broadcast()
	b.mu.Unlock()
	select {
	case <-taken:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// PassThrough has all bytes that are still to come pass through.
func (b *Body) PassThrough() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.passThrough()
}

// passThrough is PassThrough with the lock held. It ends the request if its reader has
// already left.
func (b *Body) passThrough() {
	if b.through.on || b.ended {
		return
	}
	b.through.on = true
	if !b.Handoff.Detach() {
		b.Handoff.Close()
	}
	b.broadcast()
}

// passed returns the bytes from an offset on that are not kept. The lock is held.
func (b *Body) passed(offset int) []byte {
	return b.through.bytes[len(b.through.bytes)-(b.size-offset):]
}

// taken says that all bytes that came have been read. The lock is held.
func (b *Body) taken() {
	if b.through.on {
		b.bytes = nil
	}
	if b.through.taken != nil {
		close(b.through.taken)
		b.through.taken = nil
	}
}
