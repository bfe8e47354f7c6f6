package composer

import (
	"context"
	"io"
	"time"
)

// leave ends a request to an origin: with the context that it was made for, or
// after a time, unless it stays because its answer goes on for somebody.
type leave struct {
	cancel  context.CancelFunc
	timer   *time.Timer
	parent  func() bool // ends the waiting for the context's end
	passage *passage    // to the origin
}

// detach returns a context that ends with ctx or after a time, until it is told
// to stay. Its error is then that of a deadline or of who has left.
func detach(ctx context.Context, after time.Duration) (context.Context, *leave) {
	c, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	return c, &leave{
		cancel: func() { cancel(context.Canceled) },
		timer:  time.AfterFunc(after, func() { cancel(context.DeadlineExceeded) }),
		parent: context.AfterFunc(ctx, func() { cancel(ctx.Err()) }),
	}
}

// stay reports whether the request has not ended; from here on it ends only
// with end.
func (l *leave) stay() bool {
	waited := l.parent()
	return l.timer.Stop() && waited
}

// end ends the request.
func (l *leave) end() {
	l.stay()
	l.cancel()
	l.passage.release()
}

// leaving is a body whose end is the end of its request.
type leaving struct {
	io.ReadCloser
	leave *leave
}

// Close ends the request.
func (b *leaving) Close() error {
	err := b.ReadCloser.Close()
	b.leave.end()
	return err
}
