package breaker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"sync/atomic"
	"time"

	"selvedge/composer/internal/http1"
	"selvedge/composer/internal/limiter"
)

// Guard stands between the requests and one source: it bounds how many
// are in flight, lets next to none through while the source is dead, and keeps
// retries rare. It is safe for concurrent use.
//
// Who finds all places taken waits, first come, first served, for as long as
// its context allows.
//
// Failures are counted by the kind of source:
//   - a fragment is given up as a whole if no connection to its process can be
//     made, and one route of it if requests for that route get no answer in time,
//     lose their connection, or are answered 500, 502, 503 or 504;
//   - an origin, or a host that is allowed, is given up if no connection can be
//     made or requests get no answer in time or lose their connection. Its
//     statuses do not count, because one address of it may fail while all others
//     are well.
type Guard struct {
	inFlight int
	minWait  time.Duration
	slots    *limiter.Limiter // for requests that are there as a whole
	uploads  *limiter.Limiter // for requests whose body is still being sent
	breaker  *circuit         // of the source
	routes   *routeBreakers   // nil: the source is no fragment
	retries  retryBudget

	reason   func(error) string
	unwanted func(error) bool
}

// Options describe a source.
type Options struct {
	Name     string // in the log
	Fragment bool   // failures are counted by route
	InFlight int    // how many requests there are at a time

	// MinWait is the time from which on a request that was given up without an
	// answer counts as a failure: one that was given up earlier had too little
	// time, or was no longer wanted. It must be below the default time-out of a
	// request, part of which passes before the request is sent.
	MinWait time.Duration

	Logger *slog.Logger

	// Reason names a failure in a few words for the log.
	Reason func(error) string

	// Unwanted reports whether a response was not wanted although the source may
	// have one. Such an error says nothing about the source.
	Unwanted func(error) bool
}

// One part in so many of MaxInFlight is for requests whose body is still being
// sent, and one part in so many of either bound is one client's share.
const (
	uploadPart = 4
	clientPart = 4
)

// New returns the guard of a source.
func New(o Options) *Guard {
	p := &Guard{
		inFlight: o.InFlight,
		minWait:  o.MinWait,
		slots:    newLimiter(o.InFlight),
		uploads:  newLimiter(max(o.InFlight/uploadPart, 1)),
		breaker:  newCircuit(o.Name, o.Logger),
		reason:   o.Reason,
		unwanted: o.Unwanted,
	}
	if o.Fragment {
		p.routes = &routeBreakers{name: o.Name, logger: o.Logger}
	}
	return p
}

func newLimiter(slots int) *limiter.Limiter {
	return limiter.New(slots, max(slots/clientPart, 1))
}

// Request describes a request that asks for a place.
type Request struct {
	Method, Target string
	Client         netip.Addr // see Composer.clientOf
	Upload         bool       // its body is still being sent
}

// Acquire waits for a place among the requests in flight. The error is ErrOpen,
// at once, or that of the context.
//
// Nobody may wait for a passage, or for anyone who needs one, while holding
// another: that would deadlock as soon as all places are held like this.
func (p *Guard) Acquire(ctx context.Context, a Request) (*Permit, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	g := &Permit{guard: p, Request: a, slots: p.slots}
	if a.Upload {
		g.slots = p.uploads
	}
	if p.routes != nil {
		g.route = p.routes.find(a.Method, a.Target)
	}
	if !g.admit() {
		return nil, ErrOpen
	}
	waited, err := g.slots.Acquire(ctx, a.Client)
	if err != nil {
		return nil, fmt.Errorf("%d requests are in flight to the source: %w", p.inFlight, err)
	}
	if waited && !g.readmit() {
		g.Release()
		return nil, ErrOpen
	}
	g.Began = time.Now()
	p.retries.asked(g.Began)
	return g, nil
}

// Permit is the place of one request in flight. Of answered and failed the
// first call counts; without one, nothing is known of the source. In the end
// there must be a release.
type Permit struct {
	guard *Guard
	Request
	slots           *limiter.Limiter // that the place is of
	generation      int              // of the source's breaker
	route           *circuit         // nil: the route has not failed
	routeGeneration int              // of its breaker
	Began           time.Time
	retried         bool
	settled         atomic.Bool
	released        atomic.Bool
}

// admit asks the breakers that the request has to pass.
func (g *Permit) admit() (ok bool) {
	if g.route != nil {
		if g.routeGeneration, ok = g.route.admit(); !ok {
			return false
		}
	}
	g.generation, ok = g.guard.breaker.admit()
	return ok
}

// readmit is admit for a request that was admitted and has waited since.
func (g *Permit) readmit() (ok bool) {
	if g.route == nil && g.guard.routes != nil {
		g.route = g.guard.routes.find(g.Method, g.Target)
	}
	if g.route != nil {
		if g.routeGeneration, ok = g.route.readmit(g.routeGeneration); !ok {
			return false
		}
	}
	g.generation, ok = g.guard.breaker.readmit(g.generation)
	return ok
}

// Answered records that the header of an answer came. The statuses 500, 502,
// 503 and 504 are failures of a fragment's route; a 4xx is not.
func (g *Permit) Answered(status int) {
	if g.decideOnce() {
		g.guard.breaker.record(g.generation, "", g.Client)
		if isFailing(status) {
			g.recordRoute("status " + strconv.Itoa(status))
		} else {
			g.recordRoute("")
		}
	}
}

// failed records why no whole answer came. It was the source that failed if ctx,
// which is that of the request, is still valid, or the source had patience.
func (g *Permit) failed(ctx context.Context, err error) {
	if ctx.Err() == nil || time.Since(g.Began) >= g.guard.minWait {
		g.recordFailure(err)
	}
}

// recordFailure counts a failure where it belongs.
func (g *Permit) recordFailure(err error) {
	switch {
	case !g.decideOnce():
	case http1.IsUnreachable(err) || g.guard.routes == nil && isLost(err):
		g.guard.breaker.record(g.generation, g.guard.reason(err), g.Client)
	default:
		g.recordRoute(g.guard.reason(err))
	}
}

// recordRoute counts what became of the request with its route, as
// breaker.record does.
func (g *Permit) recordRoute(reason string) {
	switch {
	case g.guard.routes == nil:
	case g.route != nil:
		g.route.record(g.routeGeneration, reason, g.Client)
	case reason != "":
		g.guard.routes.recordFailure(g.Method, g.Target, reason, g.Client)
	}
}

// Refused records why there is no answer, or none that is of use. What we
// refuse ourselves, and what is wrong with the visitor's request, says nothing
// of the source.
func (g *Permit) Refused(ctx context.Context, err error) {
	if !g.guard.unwanted(err) {
		g.failed(ctx, err)
	}
}

// Ended records that the body of an answer has ended, and why if that was too
// early. Who leaves, or takes no more of it, says nothing against the source.
func (g *Permit) Ended(status int, err error) {
	switch late := errors.Is(err, context.DeadlineExceeded); {
	case err == nil, g.guard.unwanted(err), errors.Is(err, context.Canceled), late && time.Since(g.Began) < g.guard.minWait:
		g.Answered(status)
	default:
		g.recordFailure(err)
	}
}

// isFailing reports whether a status is a failure of a fragment.
func isFailing(status int) bool { return status == 500 || status >= 502 && status <= 504 }

// isLost reports whether a request lost its connection, or got no answer in
// time.
func isLost(err error) bool {
	var network net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &network) || http1.Unanswered(err)
}

// decideOnce reports whether nothing was recorded yet.
func (g *Permit) decideOnce() bool { return g.settled.CompareAndSwap(false, true) }

// Retry reports whether the request, which failed with err, is to be sent once
// more. It waits a moment before it says so. It is not for concurrent use.
func (g *Permit) Retry(r *http.Request, err error) bool {
	if g.retried || !repeatable(r) || !http1.Unanswered(err) || !g.guard.breaker.closedSince(g.generation) ||
		g.route != nil && !g.route.closedSince(g.routeGeneration) {
		return false
	}
	g.retried = g.guard.retries.take(r.Context())
	return g.retried && pause(r.Context())
}

// Release gives the place back. It is to be called as soon as the answer has
// been read or given up; calls after the first do nothing.
func (g *Permit) Release() {
	if g.released.CompareAndSwap(false, true) {
		g.slots.Release(g.Client)
	}
}
