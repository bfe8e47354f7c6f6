package composer

import (
	"context"
	"errors"
	"time"
)

// ticket is the place of a request on a flight.
type ticket struct {
	flight *flight // nil: found will do
	found  *stored // the stored response for the request, which may be stale
	leads  bool    // the flight began for this request
	alone  bool    // and for no other: whoever has the ticket runs it
	after  int     // how many purges came before the request
}

// early reports whether the request may have an answer while it comes: if there
// is no stale one that could still take its place.
func (t ticket) early(q *query) bool { return q.pieces && t.found == nil }

// board finds or begins the flight for a request.
func (c *cache) board(q *query, together bool) ticket {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.lookup(q.key)
	found := e.match(q.header)
	var now time.Time
	if found != nil {
		now = time.Now()
	}
	if found != nil && q.demand.accepts(found, now) {
		return ticket{found: found}
	}
	name := nameFlight(q.key, e, q.header)
	flying := c.joinable[name]
	if found != nil && q.demand.plain() && found.usable(now, found.whileRevalidate.Duration()) {
		if flying == nil {
			c.refresh(q, found, name)
		}
		return ticket{found: found}
	}
	if !together || !q.demand.plain() || e.isPassing() && found == nil {
		f := c.newFlight(q, found, e)
		if found != nil && found.fresh(now) {
			f.use.forward = forwardRequest
		}
		f.cancel = func() {}
		return ticket{flight: f, found: found, leads: true, alone: true}
	}
	t := ticket{flight: flying, found: found, leads: flying == nil}
	if t.leads {
		t.flight = c.newFlight(q, found, e)
		t.flight.listen()
		c.launch(t.flight, name)
	}
	t.flight.waiting++
	t.after = len(t.flight.purges)
	return t
}

func (c *cache) newFlight(q *query, validates *stored, e *entry) *flight {
	f := &flight{query: q, use: use{forward: forwardMiss}, generation: c.generation.Load(), passing: e.isPassing() && validates == nil}
	q.patient = validates != nil && validates.usable(q.deadline, q.demand.permits(validates))
	switch {
	case validates != nil:
		f.use.forward = forwardStale
		f.validates = validates
	case e != nil && e.newest != nil:
		f.use.forward = forwardVary
	}
	c.flights.add(f)
	return f
}

// listen makes what others wait for.
func (f *flight) listen() { f.begun, f.done = make(chan struct{}), make(chan struct{}) }

// launch starts a flight that several can wait for. It ends early if all of
// them have left.
func (c *cache) launch(f *flight, name flightName) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(f.query.life), c.timeout)
	f.cancel, f.name = cancel, name
	c.joinable[name] = f
	run := func() { c.fly(ctx, f) }
	if f.background {
		c.refreshing.Go(run)
	} else {
		go run()
	}
}

// refresh asks for a stale response again while it is used.
func (c *cache) refresh(q *query, found *stored, name flightName) {
	if c.closed {
		return
	}
	q.header.fields() // while the request that it is made from is there
	f := c.newFlight(q, found, nil)
	f.background, q.patient = true, true
	f.listen()
	c.launch(f, name)
}

// wait waits for the end of a flight, or for the beginning of its answer if the
// request may have that early. The error is that of the context.
func (c *cache) wait(ctx context.Context, t ticket, q *query) (early bool, err error) {
	begun := t.flight.begun
	if !t.early(q) {
		begun = nil
	}
	for {
		select {
		case <-t.flight.done:
			return false, nil
		case <-begun:
			if !t.leads && !c.suitsEarly(t, q.header) {
				begun = nil
				continue
			}
			// it is needed until the one who reads it is done
			context.AfterFunc(q.life, func() { c.leave(t) })
			return true, nil
		case <-ctx.Done():
			c.leave(t)
			return false, context.Cause(ctx)
		}
	}
}

// suitsEarly reports whether an answer that has begun is for a request that
// joined the flight: if it would be at its end, unless it may yet pass through
// to the one for whom it began.
func (c *cache) suitsEarly(t ticket, request lazyHeader) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := t.flight
	return f.early.coming.body.Handoff == nil && f.early.storable && f.early.fresh(time.Now()) && f.suits(f.early, request, t.after)
}

// leave ends a flight that nobody waits for any more.
func (c *cache) leave(t ticket) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := t.flight
	if f.waiting--; f.waiting == 0 && !f.background {
		c.unlist(f)
		f.cancel()
	}
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
	if errors.Is(err, context.DeadlineExceeded) && t.found != nil && t.found.usable(now, t.found.ifError.Duration()) {
		return &t.found.response, t.found.hit(now), nil
	}
	return nil, use{}, err
}
