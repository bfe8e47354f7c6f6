package cache

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"selvedge/composer/internal/stream"
)

// fetch is a request to a source under way, and its result after done is closed.
type fetch struct {
	request   *Request
	fetcher   Fetcher
	validates *Stored       // the response to validate, or nil
	key       coalescingKey // by which further requests find the fetch; empty if they must not
	begun     chan struct{} // closed when early is set; nil if no request waits
	done      chan struct{} // closed at the end; nil if no request waits
	cancel    context.CancelFunc
	keepSlow  bool

	generation    uint64 // of the cache at the start
	wasHitForMiss bool   // at the start

	// The lock of the cache protects the following fields.
	fetchLinks
	waiters      int
	isBackground bool    // it continues without waiters
	purges       []Purge // since the start

	early       *Stored // the response while its body arrives
	earlyStatus Status
	result      *Stored // stored or not; nil with an error
	err         error
	isShared    bool // waiters may use the result
	status      Status
}

// run sends the request and completes the fetch.
func (c *Cache) run(ctx context.Context, f *fetch) {
	if rest := c.start(ctx, f); rest != nil {
		rest()
	}
}

// start sends the request. If the response is complete, start completes the fetch and
// returns nil. If the body is still arriving, start sets early, and the returned function
// completes the fetch.
func (c *Cache) start(ctx context.Context, f *fetch) (rest func()) {
	fetched, err := f.send(ctx, f.conditionalHeader())
	if err == nil && fetched.Status == http.StatusNotModified && f.validates != nil {
		fetched.Response = c.updated(f.validates, fetched)
		if fetched.Response == nil {
			fetched, err = f.send(ctx, f.request.Header.Header())
		}
	}
	if err != nil || fetched.Pump == nil {
		c.complete(f, fetched.Response, err, fetched.ReceivedAt)
		return nil
	}
	f.early, f.earlyStatus = newStored(f.request, fetched.Response, fetched.ReceivedAt), f.status
	if f.begun != nil {
		close(f.begun)
	}
	return func() {
		go fetched.Pump() // Pump may take longer than the fetch
		all, err := fetched.Whole(ctx)
		if errors.Is(err, stream.ErrNotKept) {
			all, err = fetched.Response, nil
		}
		c.complete(f, all, err, fetched.ReceivedAt)
	}
}

// send sends the request with a header, and records the status of the response.
func (f *fetch) send(ctx context.Context, header http.Header) (Fetched, error) {
	fetched, err := f.fetcher.Fetch(ctx, header, f.keepSlow)
	if err != nil {
		return Fetched{ReceivedAt: time.Now()}, err
	}
	f.status.FwdStatus = fetched.Status
	return fetched, nil
}

// complete ends a fetch with a complete response, or with an error.
func (c *Cache) complete(f *fetch, r *Response, err error, received time.Time) {
	var result *Stored
	if err == nil {
		result = newStored(f.request, r, received)
	}
	c.end(f, result, err, received)
	f.cancel()
}

// end ends a fetch, and stores its response unless the response was invalidated
// meanwhile.
func (c *Cache) end(f *fetch, result *Stored, err error, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f.done != nil {
		defer close(f.done)
	}
	c.fetches.remove(f)
	c.closeToNewWaiters(f)
	failed := err != nil || isServerError(result.Status)
	switch old := f.validates; {
	case failed && old != nil && old.isUsable(now, f.request.Directives.staleIfError(old)):
		// Waiters share a stale response only if the response itself permits this use.
		f.result, f.isShared, f.status = old, old.isUsable(now, old.staleIfError.Duration()), old.CacheStatus(now)
		return
	case err != nil:
		f.err, f.isShared = err, c.options.IsUnsent(err)
		return
	}
	isWhole := result.Coming == nil
	f.result, f.isShared = result, isWhole && result.isFresh(now) && result.isStorable
	switch {
	case f.isPurged(result, len(f.purges)):
	case result.isStorable && isWhole:
		c.store(result.withoutTrailer(), f.request.Header)
		f.status.Stored = true
	case !failed:
		c.markHitForMiss(f)
	}
}

// isServerError reports whether stale-if-error applies to a status (RFC 5861 §4).
func isServerError(status int) bool {
	return status == 500 || status >= 502 && status <= 504
}

// isPurged reports whether one of the first n purges matches a response of the fetch, or
// the stored response that the fetch validates.
func (f *fetch) isPurged(r *Stored, n int) bool {
	return slices.ContainsFunc(f.purges[:n], func(p Purge) bool {
		return p.matches(&r.Response) || f.validates != nil && p.matches(&f.validates.Response)
	})
}

// isFor reports whether a waiter may use the result. purges is the number of purges
// before the waiter joined.
func (f *fetch) isFor(request HeaderSource, purges int) bool {
	if !f.isShared || f.err != nil {
		return f.isShared
	}
	return f.suits(f.result, request, purges)
}

// suits reports whether a waiter may use a shared response.
func (f *fetch) suits(r *Stored, request HeaderSource, purges int) bool {
	return r.matches(request) && !f.isPurged(r, purges)
}

// response returns the result for the request that started the fetch, or for a waiter.
func (f *fetch) response(started bool) (*Response, Status, error) {
	status := f.status
	status.Collapsed = !started
	if f.err != nil {
		return nil, status, f.err
	}
	return &f.result.Response, status, nil
}
