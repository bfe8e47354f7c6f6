package cache

import (
	"context"
	"errors"
	"time"
)

// Lookup returns a fresh stored response, or nil.
func (c *Cache) Lookup(k Key, request HeaderSource, now time.Time) (*Response, Status) {
	if s := c.entry(k).match(request); s != nil && s.isFresh(now) {
		return &s.Response, s.CacheStatus(now)
	}
	return nil, Status{}
}

// Find returns the stored response for a request, fresh or stale, or nil.
func (c *Cache) Find(k Key, request HeaderSource) *Stored { return c.entry(k).match(request) }

// maxShared limits the shared fetches for which a request waits. A request waits again if
// the result
//
//   - is not for the request,
//   - is older than an invalidation.
//
// After the last shared fetch, the request gets a fetch of its own.
const maxShared = 2

// Get returns the response to a request, stored or fetched. Concurrent requests with the
// same coalescing key share a fetch. The end of a request's context does not cancel the
// fetch for the other requests.
//
// With Request.Stream, Get may return a response whose body is still arriving, unless a
// stale response could still replace it (stale-if-error).
//
// An error belongs to the request that started the fetch, because the header of this
// request may have caused the error. A request that waited
//
//   - uses a stale response if stale-if-error permits this use,
//   - fails with the same error if no request could be sent to the source,
//   - otherwise fetches by itself.
func (c *Cache) Get(ctx context.Context, request *Request, fetcher Fetcher) (*Response, Status, error) {
	for i := 0; ; i++ {
		t := c.coalesce(request, fetcher, i < maxShared)
		f := t.fetch
		switch {
		case f == nil:
			return &t.found.Response, t.found.CacheStatus(time.Now()), nil
		case t.isAlone:
			rest := c.start(ctx, f)
			switch {
			case rest == nil:
				return f.response(true)
			case t.mayStream(request):
				go rest()
				return &f.early.Response, f.earlyStatus, nil
			}
			rest()
			return f.response(true)
		}
		isEarly, err := c.wait(ctx, t, request)
		switch {
		case err != nil:
			return t.whenLate(err)
		case isEarly:
			status := f.earlyStatus
			status.Collapsed = !t.started
			return &f.early.Response, status, nil
		case t.started || f.isFor(request.Header, t.purges) && (f.err == nil || request.Directives.StaleIfError == 0):
			return f.response(t.started)
		}
	}
}

// whenLate returns the result of a request whose context has ended. On a timeout the
// result is the stale response, if stale-if-error permits its use.
func (t ticket) whenLate(err error) (*Response, Status, error) {
	now := time.Now()
	if errors.Is(err, context.DeadlineExceeded) && t.found != nil && t.found.isUsable(now, t.found.staleIfError.Duration()) {
		return &t.found.Response, t.found.CacheStatus(now), nil
	}
	return nil, Status{}, err
}
