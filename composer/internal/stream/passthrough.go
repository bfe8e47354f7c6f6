package stream

import (
	"context"
	"errors"
)

// ErrNotKept reports a body that passes through. Only the reader of the original request
// may read such a body.
var ErrNotKept = errors.New("the answer is too large or too slow to be kept")

// through is the state of a body that passes through, beside the kept bytes.
type through struct {
	on    bool
	bytes []byte        // the last bytes received
	taken chan struct{} // closed when bytes have been read; nil after that
}

// put keeps p. If the body has no room for p, p passes through, and put waits until the
// reader has read p or the context has ended.
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

// PassThrough lets all further bytes pass through.
func (b *Body) PassThrough() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.passThrough()
}

// passThrough is PassThrough with the lock held. It ends the request if the reader has
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

// passed returns the bytes that pass through, from an offset on. The caller holds the
// lock.
func (b *Body) passed(offset int) []byte {
	return b.through.bytes[len(b.through.bytes)-(b.size-offset):]
}

// taken records that the reader has read all bytes received. The caller holds the lock.
func (b *Body) taken() {
	if b.through.on {
		b.bytes = nil
	}
	if b.through.taken != nil {
		close(b.through.taken)
		b.through.taken = nil
	}
}
