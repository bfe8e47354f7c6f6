package composer

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
)

// flight is a request to a fragment that is on its way, and what it came to
// once done is closed.
type flight struct {
	key       key
	header    http.Header // of the request
	validates *stored     // what it asks for changes of, or nil
	name      flightName  // empty: nobody else waits for it
	done      chan struct{}
	cancel    context.CancelFunc

	// Under the cache's lock.
	waiting    int
	background bool    // it goes on although nobody waits
	purges     []purge // that came while it was on its way

	got    *stored // the answer, stored or not; nil if there is an error
	err    error
	shared bool // others than the one who asked may have the answer
	use    use
}

// flightName is equal for requests that are likely to have the same answer:
// those that the newest response for the key would not tell apart.
type flightName struct {
	key     key
	variant string
}

func nameFlight(k key, e *entry, request http.Header) flightName {
	if e == nil {
		return flightName{key: k}
	}
	var b strings.Builder
	for _, name := range e.vary {
		b.WriteString(name + ":" + combined(request[name]) + "\n")
	}
	return flightName{k, b.String()}
}

// asker asks a fragment, and waits for its whole answer.
type asker func(ctx context.Context, header http.Header) (*response, error)

// hit returns a stored response that needs no further question, or nil.
func (c *cache) hit(k key, request http.Header) (*response, use) {
	now := time.Now()
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
func (c *cache) get(ctx context.Context, k key, header http.Header, ask asker) (*response, use, error) {
	for i := 0; ; i++ {
		t := c.board(ctx, k, header, ask, i < attempts)
		switch {
		case t.flight == nil:
			return &t.found.response, t.found.hit(time.Now()), nil
		case t.alone:
			c.fly(ctx, t.flight, ask)
		default:
			if err := c.wait(ctx, t.flight); err != nil {
				return t.lateAnswer(err)
			}
		}
		if f := t.flight; t.leads || f.answers(header, t.after) {
			return f.result(t.leads)
		}
	}
}

// ticket is the place of a request on a flight.
type ticket struct {
	flight *flight // nil: found will do
	found  *stored // the stored response for the request, which may be stale
	leads  bool    // the flight began for this request
	alone  bool    // and for no other: whoever has the ticket runs it
	after  int     // how many purges came before the request
}

// board finds or begins the flight for a request.
func (c *cache) board(ctx context.Context, k key, header http.Header, ask asker, together bool) ticket {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	e := c.lookup(k)
	found := e.match(header)
	if found != nil && found.fresh(now) {
		return ticket{found: found}
	}
	name := nameFlight(k, e, header)
	flying := c.joinable[name]
	if found != nil && found.usable(now, found.whileRevalidate) {
		if flying == nil {
			c.refresh(ctx, found, name, header, ask)
		}
		return ticket{found: found}
	}
	if !together || e != nil && e.passing && found == nil {
		f := c.newFlight(k, header, found, e)
		f.cancel = func() {}
		return ticket{flight: f, found: found, leads: true, alone: true}
	}
	t := ticket{flight: flying, found: found, leads: flying == nil}
	if t.leads {
		t.flight = c.newFlight(k, header, found, e)
		c.launch(ctx, t.flight, name, ask)
	}
	t.flight.waiting++
	t.after = len(t.flight.purges)
	return t
}

func (c *cache) newFlight(k key, header http.Header, validates *stored, e *entry) *flight {
	f := &flight{key: k, header: header, done: make(chan struct{}), use: use{forward: forwardMiss}}
	switch {
	case validates != nil:
		f.use.forward = forwardStale
		if hasValidator(validates.header) || validates.ifError > 0 {
			f.validates = validates
		}
	case e != nil && len(e.variants) > 0:
		f.use.forward = forwardVary
	}
	c.flights[f] = struct{}{}
	return f
}

// launch starts a flight that several can wait for. It ends early if all of
// them have left.
func (c *cache) launch(ctx context.Context, f *flight, name flightName, ask asker) {
	ctx, f.cancel = context.WithTimeout(context.WithoutCancel(ctx), c.timeout)
	f.name = name
	c.joinable[name] = f
	run := func() { c.fly(ctx, f, ask) }
	if f.background {
		c.refreshing.Go(run)
	} else {
		go run()
	}
}

// refresh asks for a stale response again while it is used.
func (c *cache) refresh(ctx context.Context, found *stored, name flightName, header http.Header, ask asker) {
	if c.closed {
		return
	}
	f := c.newFlight(found.key, header, found, nil)
	f.background = true
	c.launch(ctx, f, name, ask)
}

// wait waits for the end of a flight. The error is that of the context.
func (c *cache) wait(ctx context.Context, f *flight) error {
	select {
	case <-f.done:
		return nil
	case <-ctx.Done():
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if f.waiting--; f.waiting == 0 && !f.background {
		c.unlist(f)
		f.cancel()
	}
	return ctx.Err()
}

// unlist sees to it that nobody joins the flight from here on.
func (c *cache) unlist(f *flight) {
	if c.joinable[f.name] == f {
		delete(c.joinable, f.name)
	}
}

// lateAnswer is what a request comes to that could not wait any longer.
func (t ticket) lateAnswer(err error) (*response, use, error) {
	now := time.Now()
	if errors.Is(err, context.DeadlineExceeded) && t.found != nil && t.found.usable(now, t.found.ifError) {
		return &t.found.response, t.found.hit(now), nil
	}
	return nil, use{}, err
}

// fly asks the fragment and ends the flight.
func (c *cache) fly(ctx context.Context, f *flight, ask asker) {
	asked := time.Now()
	answer, err := ask(ctx, f.conditional())
	if err == nil && answer.status == http.StatusNotModified && f.validates != nil {
		answer = f.validates.updated(answer)
		if answer == nil {
			answer, err = ask(ctx, f.header)
		}
	}
	var got *stored
	received := time.Now()
	if err == nil {
		got = newStored(f.key, f.header, answer, asked, received)
		f.use.status = answer.status
	}
	c.land(f, got, err, received)
	f.cancel()
}

// land ends a flight, and stores what it brought, unless that was invalidated
// meanwhile.
func (c *cache) land(f *flight, got *stored, err error, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer close(f.done)
	delete(c.flights, f)
	c.unlist(f)
	failed := err != nil || isFailure(got.status)
	switch old := f.validates; {
	case failed && old != nil && old.usable(now, old.ifError):
		f.got, f.shared, f.use = old, true, old.hit(now)
		return
	case err != nil:
		f.err, f.shared = err, true
		return
	}
	f.got, f.shared = got, got.fresh(now) && got.storable || failed && got.allowed
	switch {
	case f.purged(len(f.purges)):
	case got.storable:
		c.put(got, f.header)
		f.use.stored = true
	case !failed:
		c.pass(f.key, f.header)
	}
}

// purged reports whether one of the first n purges hits the answer.
func (f *flight) purged(n int) bool {
	return slices.ContainsFunc(f.purges[:n], func(p purge) bool { return p.hits(f.key, f.got.groups) })
}

// answers reports whether what the flight came to is the answer to a request
// that joined it after some purges.
func (f *flight) answers(request http.Header, after int) bool {
	if !f.shared || f.err != nil {
		return f.shared
	}
	return matches(request, f.got.vary, f.got.varied) && !f.purged(after)
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
