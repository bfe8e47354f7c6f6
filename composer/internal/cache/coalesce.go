package cache

import (
	"context"
	"strings"
	"time"

	"selvedge/composer/internal/header"
)

// coalescingKey is equal for requests that probably have the same response. Such requests
// have the same values of the fields in Vary of the newest stored response.
type coalescingKey struct {
	key     Key
	variant string
}

func coalescingKeyOf(k Key, e *entry, request HeaderSource) coalescingKey {
	vary := e.vary()
	if len(vary) == 0 {
		return coalescingKey{key: k}
	}
	var b strings.Builder
	for _, name := range vary {
		b.WriteString(name + ":" + header.NormalizeSelecting(name, header.CombineLines(request.Header()[name])) + "\n")
	}
	return coalescingKey{k, b.String()}
}

// ticket is the part of a request in a fetch.
type ticket struct {
	fetch   *fetch  // nil if found is the response
	found   *Stored // the stored response for the request, possibly stale
	started bool    // the request started the fetch
	isAlone bool    // the fetch has no waiters, and the request runs it
	purges  int     // number of purges of the fetch before the request joined
}

// mayStream reports whether the request may have a response while its body arrives. With
// a stale response it may not, because an error could still bring the stale response into
// use.
func (t ticket) mayStream(request *Request) bool { return request.Stream && t.found == nil }

// coalesce decides whether a request is answered with a stored response, waits for a
// fetch under way, or starts a fetch. Requests share a fetch if all of these conditions
// hold:
//
//   - together is true,
//   - the request has no directives that demand a response of its own,
//   - a response to the request is stored, or the last response could be stored (no
//     hit-for-miss).
func (c *Cache) coalesce(request *Request, fetcher Fetcher, together bool) ticket {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entry(request.Key)
	found := e.match(request.Header)
	var now time.Time
	if found != nil {
		now = time.Now()
	}
	if found != nil && request.Directives.Allow(found, now) {
		return ticket{found: found}
	}
	key := coalescingKeyOf(request.Key, e, request.Header)
	underWay := c.shared[key]
	if found != nil && request.Directives.isShareable() && found.isUsable(now, found.staleWhileRevalidate.Duration()) {
		if underWay == nil {
			c.refresh(request, fetcher, found, key)
		}
		return ticket{found: found}
	}
	if !together || !request.Directives.isShareable() || e.isHitForMiss() && found == nil {
		f := c.newFetch(request, fetcher, found, e)
		if found != nil && found.isFresh(now) {
			f.status.Fwd = FwdRequest
		}
		f.cancel = func() {}
		return ticket{fetch: f, found: found, started: true, isAlone: true}
	}
	t := ticket{fetch: underWay, found: found, started: underWay == nil}
	if t.started {
		t.fetch = c.newFetch(request, fetcher, found, e)
		t.fetch.acceptWaiters()
		c.startShared(t.fetch, key)
	}
	t.fetch.waiters++
	t.purges = len(t.fetch.purges)
	return t
}

// newFetch returns an unsent fetch.
func (c *Cache) newFetch(request *Request, fetcher Fetcher, validates *Stored, e *entry) *fetch {
	f := &fetch{
		request: request, fetcher: fetcher, validates: validates, status: Status{Fwd: FwdMiss},
		keepSlow:   validates != nil && validates.isUsable(request.Deadline, request.Directives.staleIfError(validates)),
		generation: c.generation.Load(), wasHitForMiss: e.isHitForMiss() && validates == nil,
	}
	switch {
	case validates != nil:
		f.status.Fwd = FwdStale
	case e != nil && e.newest != nil:
		f.status.Fwd = FwdVary
	}
	c.fetches.add(f)
	return f
}

// acceptWaiters makes the channels for waiting requests.
func (f *fetch) acceptWaiters() { f.begun, f.done = make(chan struct{}), make(chan struct{}) }

// startShared starts a fetch for several requests. The fetch is canceled when all of them
// have left.
func (c *Cache) startShared(f *fetch, key coalescingKey) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(f.request.Life), c.options.FetchTimeout)
	f.cancel, f.key = cancel, key
	c.shared[key] = f
	run := func() { c.run(ctx, f) }
	if f.isBackground {
		c.background.Go(run)
	} else {
		go run()
	}
}

// refresh fetches a stale response again during its use (stale-while-revalidate).
func (c *Cache) refresh(request *Request, fetcher Fetcher, found *Stored, key coalescingKey) {
	if c.closed {
		return
	}
	request.Header.Header() // made while the client's request exists
	f := c.newFetch(request, fetcher, found, nil)
	f.isBackground, f.keepSlow = true, true
	f.acceptWaiters()
	c.startShared(f, key)
}

// wait waits for the end of a fetch, or for the beginning of its response if the request
// may stream it. The error is the cause of the context's end.
func (c *Cache) wait(ctx context.Context, t ticket, request *Request) (isEarly bool, err error) {
	begun := t.fetch.begun
	if !t.mayStream(request) {
		begun = nil
	}
	for {
		select {
		case <-t.fetch.done:
			return false, nil
		case <-begun:
			if !t.started && !c.canStream(t, request.Header) {
				begun = nil
				continue
			}
			context.AfterFunc(request.Life, func() { c.leave(t) }) // the body is read until then
			return true, nil
		case <-ctx.Done():
			c.leave(t)
			return false, context.Cause(ctx)
		}
	}
}

// canStream reports whether a waiter may read the response while its body arrives. The
// response must be storable, fresh, and valid for the waiter's request. Its body must be
// kept, because a body that may pass through serves only the request that started the
// fetch.
func (c *Cache) canStream(t ticket, request HeaderSource) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := t.fetch
	return f.early.Coming.Handoff == nil && f.early.isStorable && f.early.isFresh(time.Now()) && f.suits(f.early, request, t.purges)
}

// leave removes a waiter, and cancels the fetch after the last waiter.
func (c *Cache) leave(t ticket) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := t.fetch
	if f.waiters--; f.waiters == 0 && !f.isBackground {
		c.closeToNewWaiters(f)
		f.cancel()
	}
}

// closeToNewWaiters keeps further requests from joining the fetch. The caller holds the
// lock.
func (c *Cache) closeToNewWaiters(f *fetch) {
	if c.shared[f.key] == f {
		delete(c.shared, f.key)
	}
}
