package proxy

import (
	"context"
	"io"
	"net/http"
	"time"

	"selvedge/composer/internal/breaker"
	"selvedge/composer/internal/cache"
)

// originRequest is a request to the origin with several possible clients waiting for its
// response. The request is canceled with its context or after a timeout. When the
// response passes through to one client, Detach ties the request to this client instead.
type originRequest struct {
	cancel       context.CancelFunc
	timer        *time.Timer
	stopWatching func() bool     // of the context
	life         context.Context // of the client to which the response may pass through
	permit       *breaker.Permit
	response     *http.Response // nil before its header has arrived
	body         io.Closer      // of the response
	isStarted    bool           // the response passes through from its beginning
}

// newOriginRequest returns a request with its context. The cause of the context's end is
// a deadline, or the cause of ctx.
func newOriginRequest(ctx, life context.Context, timeout time.Duration, permit *breaker.Permit) (context.Context, *originRequest) {
	own, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	return own, &originRequest{
		cancel:       func() { cancel(context.Canceled) },
		timer:        time.AfterFunc(timeout, func() { cancel(context.DeadlineExceeded) }),
		stopWatching: context.AfterFunc(ctx, func() { cancel(context.Cause(ctx)) }),
		life:         life,
		permit:       permit,
	}
}

// startedResponse returns the origin's response if it passes through from its beginning,
// or nil.
func startedResponse(r *cache.Response) *http.Response {
	if r.Coming == nil {
		return nil
	}
	if o, ok := r.Coming.Handoff.(*originRequest); ok && o.isStarted {
		return o.response
	}
	return nil
}

// Detach ties the request to the one client that reads its response. The request is then
// canceled when the client's request ends. It no longer counts against the limit of
// requests in flight, because slow clients would use up all slots. Detach returns false
// if the request was already canceled.
func (o *originRequest) Detach() bool {
	isWatched := o.stopWatching()
	if !o.timer.Stop() || !isWatched {
		return false
	}
	o.permit.RecordResponse(o.response.StatusCode)
	o.permit.Release()
	context.AfterFunc(o.life, o.Close)
	return true
}

// Close cancels the request. It may be called more than once, and during a read of the
// body.
func (o *originRequest) Close() {
	o.stopWatching()
	o.timer.Stop()
	o.cancel()
	if o.body != nil {
		_ = o.body.Close() // because no context closes a connection
	}
	o.permit.Release()
}

// originBody is a body that closes its request.
type originBody struct {
	io.Reader
	origin *originRequest
}

// Close closes the request.
func (b *originBody) Close() error {
	b.origin.Close()
	return nil
}
