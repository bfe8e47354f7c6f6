package composer

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"selvedge/composer/internal/breaker"
	"selvedge/composer/internal/header"
	"selvedge/composer/internal/http1"
	"selvedge/composer/internal/stream"
)

// flight is a request to a fragment that is on its way, and what it came to
// once done is closed.
type flight struct {
	query     *query
	validates *stored       // what it asks for changes of, or nil
	name      flightName    // empty: nobody else waits for it
	begun     chan struct{} // closed when early is there; nil: nobody waits
	done      chan struct{}
	cancel    context.CancelFunc

	generation uint64 // of the cache, when it began
	passing    bool   // it was known then that the answer cannot be stored

	// Under the cache's lock.
	neighbors
	waiting    int
	background bool    // it goes on although nobody waits
	purges     []purge // that came while it was on its way

	early    *stored // the answer while it comes
	earlyUse use
	got      *stored // the answer, stored or not; nil if there is an error
	err      error
	shared   bool // requests that waited may use the response, or the error
	use      use
}

// flightName is equal for requests that are likely to have the same answer:
// those that the newest response for the key would not tell apart.
type flightName struct {
	key     key
	variant string
}

func nameFlight(k key, e *entry, request lazyHeader) flightName {
	vary := e.vary()
	if len(vary) == 0 {
		return flightName{key: k}
	}
	var b strings.Builder
	for _, name := range vary {
		b.WriteString(name + ":" + header.NormalizeSelecting(name, header.CombineLines(request.fields()[name])) + "\n")
	}
	return flightName{k, b.String()}
}

// asker asks a fragment. Of an answer that is still coming it returns the pump.
type asker func(ctx context.Context, q *query, header http.Header) (*response, pump, error)

// hit returns a stored response that needs no further question, or nil.
func (c *cache) hit(k key, request lazyHeader, now time.Time) (*response, use) {
	if s := c.lookup(k).match(request); s != nil && s.fresh(now) {
		return &s.response, s.hit(now)
	}
	return nil, use{}
}

// attempts is how often a request waits for an answer together with others. If
// that turns out not to be for it, or older than an invalidation, it asks
// again, and in the end alone.
const attempts = 2

// get answers a request from the cache, or asks. Requests that are likely to
// have the same answer wait for one; who stops waiting takes nothing from the
// others.
//
// They may have an answer while it comes, if there is no stale one that could
// still take its place.
//
// A failure belongs to the request that caused it, because its header may be
// the reason. Requests that waited for it
//   - use a stale response if stale-if-error allows that,
//   - fail too if no request could be sent to the source,
//   - otherwise ask by themselves, within the limit of requests in flight.
func (c *cache) get(ctx context.Context, q *query) (*response, use, error) {
	for i := 0; ; i++ {
		t := c.board(q, i < attempts)
		f := t.flight
		switch {
		case f == nil:
			return &t.found.response, t.found.hit(time.Now()), nil
		case t.alone:
			rest := c.depart(ctx, f)
			switch {
			case rest == nil:
				return f.result(true)
			case t.early(q):
				go rest()
				return &f.early.response, f.earlyUse, nil
			}
			rest()
			return f.result(true)
		}
		early, err := c.wait(ctx, t, q)
		switch {
		case err != nil:
			return t.lateAnswer(err)
		case early:
			u := f.earlyUse
			u.collapsed = !t.leads
			return &f.early.response, u, nil
		case t.leads || f.answers(q.header, t.after) && (f.err == nil || q.demand.ifError == 0):
			return f.result(t.leads)
		}
	}
}

// fly asks the fragment and ends the flight.
func (c *cache) fly(ctx context.Context, f *flight) {
	if rest := c.depart(ctx, f); rest != nil {
		rest()
	}
}

// depart asks the fragment, and ends the flight if all of the answer is there.
// Otherwise the rest of the flight is still to be done, while whoever may have
// the answer early has it.
func (c *cache) depart(ctx context.Context, f *flight) (rest func()) {
	answer, pump, err := f.ask(ctx, f.conditional())
	if err == nil && answer.status == http.StatusNotModified && f.validates != nil {
		answer = f.validates.updated(answer, f.query.asked, f.query.received)
		if answer == nil {
			answer, pump, err = f.ask(ctx, f.query.header.fields())
		}
	}
	received := f.query.received
	if err != nil || pump == nil {
		c.arrive(f, answer, err, received)
		return nil
	}
	f.early, f.earlyUse = newStored(f.query, answer, received), f.use
	if f.begun != nil {
		close(f.begun)
	}
	return func() {
		go pump() // which may go on after the end of the flight
		all, err := answer.whole(ctx)
		if errors.Is(err, stream.ErrNotKept) {
			all, err = answer, nil
		}
		c.arrive(f, all, err, received)
	}
}

// arrive ends a flight with a whole answer, or an error.
func (c *cache) arrive(f *flight, answer *response, err error, received time.Time) {
	var got *stored
	if err == nil {
		got = newStored(f.query, answer, received)
	}
	c.land(f, got, err, received)
	f.cancel()
}

// ask asks with a header and notes what came of it.
func (f *flight) ask(ctx context.Context, header http.Header) (*response, pump, error) {
	answer, pump, err := f.query.ask(ctx, f.query, header)
	if err != nil {
		f.query.received = time.Now()
		return nil, nil, err
	}
	f.use.status = answer.status
	return answer, pump, nil
}

// land ends a flight, and stores what it brought, unless that was invalidated
// meanwhile.
func (c *cache) land(f *flight, got *stored, err error, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f.done != nil {
		defer close(f.done)
	}
	c.flights.remove(f)
	c.unlist(f)
	failed := err != nil || isFailure(got.status)
	switch old := f.validates; {
	case failed && old != nil && old.usable(now, f.query.demand.permits(old)):
		// If the request alone allows it, others do not have it.
		f.got, f.shared, f.use = old, old.usable(now, old.ifError.Duration()), old.hit(now)
		return
	case err != nil:
		f.err, f.shared = err, http1.IsUnreachable(err) || errors.Is(err, breaker.ErrOpen)
		return
	}
	f.got, f.shared = got, got.coming == nil && got.fresh(now) && got.storable
	switch {
	case f.purged(got, len(f.purges)):
	case got.storable && got.coming == nil:
		c.put(got.withoutTrailer(), f.query.header)
		f.use.stored = true
	case !failed:
		c.pass(f)
	}
}

// purged reports whether one of the first n purges hits an answer of the flight,
// or the stored one of which it has the body.
func (f *flight) purged(answer *stored, n int) bool {
	return slices.ContainsFunc(f.purges[:n], func(p purge) bool {
		return p.hits(&answer.response) || f.validates != nil && p.hits(&f.validates.response)
	})
}

// answers reports whether what the flight came to is the answer to a request
// that joined it after some purges.
func (f *flight) answers(request lazyHeader, after int) bool {
	if !f.shared || f.err != nil {
		return f.shared
	}
	return f.suits(f.got, request, after)
}

// suits is answers for an answer that others may have.
func (f *flight) suits(answer *stored, request lazyHeader, after int) bool {
	return answer.matches(request) && !f.purged(answer, after)
}

func (f *flight) result(leads bool) (*response, use, error) {
	u := f.use
	u.collapsed = !leads
	if f.err != nil {
		return nil, u, f.err
	}
	return &f.got.response, u, nil
}

// isFailure reports whether a status is one that stale-if-error is for
// (RFC 5861 §4).
func isFailure(status int) bool {
	return status == 500 || status >= 502 && status <= 504
}
