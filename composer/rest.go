package composer

import (
	"context"
	"io"
	"time"

	"selvedge/composer/internal/breaker"
)

// leave ends a request to an origin: with the context that it was made for, or
// after a time, unless it stays because its answer goes on for somebody.
type leave struct {
	cancel  context.CancelFunc
	timer   *time.Timer
	parent  func() bool     // ends the waiting for the context's end
	life    context.Context // of the one for whom the answer may go on
	passage *breaker.Permit // to the origin
	status  int             // of the answer, once that has begun
	body    io.Closer       // of the answer; nil: it has not begun
}

// detach returns a context that ends with ctx or after a time, until it is told
// to stay. Its error is then that of a deadline or of who has left.
func detach(ctx, life context.Context, after time.Duration) (context.Context, *leave) {
	c, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	return c, &leave{
		cancel: func() { cancel(context.Canceled) },
		timer:  time.AfterFunc(after, func() { cancel(context.DeadlineExceeded) }),
		parent: context.AfterFunc(ctx, func() { cancel(context.Cause(ctx)) }),
		life:   life,
	}
}

// Detach lets the answer go on for the one it is for. From here on the request
// ends with their life, and takes none of the places at the origin: slow
// visitors would take all. It reports whether the request had not ended.
func (l *leave) Detach() bool {
	waited := l.parent()
	if !l.timer.Stop() || !waited {
		return false
	}
	l.passage.RecordResponse(l.status)
	l.passage.Release()
	context.AfterFunc(l.life, l.Close)
	return true
}

// Close ends the request. It may be called more than once, and while the answer is
// read.
func (l *leave) Close() {
	l.parent()
	l.timer.Stop()
	l.cancel()
	if l.body != nil {
		_ = l.body.Close() // no context closes a connection
	}
	l.passage.Release()
}

// leaving is a body whose end is the end of its request.
type leaving struct {
	io.Reader
	leave *leave
}

// Close ends the request.
func (b *leaving) Close() error {
	b.leave.Close()
	return nil
}
