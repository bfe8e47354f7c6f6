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

// Guard admits the requests to one source: it bounds the requests in flight, stops
// nearly all requests while the source fails, and keeps retries rare. It is safe for
// concurrent use.
//
// A request without a free slot waits, first come, first served, until its context
// ends.
//
// Failures are counted by the kind of source:
//
//   - The breaker of a fragment counts failures to connect to its process. The breaker
//     of a route counts requests for the route that get no response in time, lose
//     their connection, or get the status 500, 502, 503 or 504.
//   - The breaker of an origin or an allowed host counts failures to connect, and
//     requests that get no response in time or lose their connection. Statuses do not
//     count, because one of its addresses may fail while all others work.
type Guard struct {
	inFlight int
	minWait  time.Duration
	slots    *limiter.Limiter // for requests that have arrived as a whole
	uploads  *limiter.Limiter // for requests whose body is still being sent
	breaker  *circuit         // of the source
	routes   *routeBreakers   // nil: the source is not a fragment
	retries  retryBudget

	reason   func(error) string
	unwanted func(error) bool
}

// Options describe a source. Name, InFlight, Logger, Reason and Unwanted are required.
type Options struct {
	Name     string // in the log
	Fragment bool   // count failures by route
	InFlight int    // bound of the requests in flight

	// MinWait is the age from which a request canceled without a response counts as a
	// failure: an earlier request had too little time, or was no longer wanted. It
	// must be below the default time-out of a request, part of which passes before the
	// request is sent.
	MinWait time.Duration

	Logger *slog.Logger

	// Reason describes a failure in a few words for the log.
	Reason func(error) string

	// Unwanted reports whether an error means that a response was not wanted, although
	// the source may have one. Such an error says nothing about the source.
	Unwanted func(error) bool
}

// Shares of Options.InFlight: InFlight/uploadPart slots are for requests whose body is
// still being sent, and one client may hold 1/clientPart of the slots of either kind.
const (
	uploadPart = 4
	clientPart = 4
)

// New returns the guard of a source.
func New(o Options) *Guard {
	g := &Guard{
		inFlight: o.InFlight,
		minWait:  o.MinWait,
		slots:    newLimiter(o.InFlight),
		uploads:  newLimiter(max(o.InFlight/uploadPart, 1)),
		breaker:  newCircuit(o.Name, o.Logger),
		reason:   o.Reason,
		unwanted: o.Unwanted,
	}
	if o.Fragment {
		g.routes = &routeBreakers{name: o.Name, logger: o.Logger}
	}
	return g
}

func newLimiter(slots int) *limiter.Limiter {
	return limiter.New(slots, max(slots/clientPart, 1))
}

// ErrOpen is the error of a request that is not sent, because its source or its route
// failed too often.
var ErrOpen = errors.New("the source failed too often, and is asked again only now and then until it answers")

// Request describes a request to the source.
type Request struct {
	Method, Target string
	Client         netip.Addr // the client's address; the zero Addr: unknown, and without a share
	Uploading      bool       // its body is still being sent
}

// Acquire waits for a slot. The error is ErrOpen at once, or wraps the cause of the
// context's end. Each permit must be released.
//
// A goroutine that holds a permit must not wait for another permit, or for a goroutine
// that needs one: all slots could be held in this way, which is a deadlock.
func (g *Guard) Acquire(ctx context.Context, r Request) (*Permit, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	permit := &Permit{guard: g, Request: r, slots: g.slots}
	if r.Uploading {
		permit.slots = g.uploads
	}
	if g.routes != nil {
		permit.route = g.routes.find(r.Method, r.Target)
	}
	if !permit.admit() {
		return nil, ErrOpen
	}
	waited, err := permit.slots.Acquire(ctx, r.Client)
	if err != nil {
		return nil, fmt.Errorf("%d requests are in flight to the source: %w", g.inFlight, err)
	}
	if waited && !permit.readmit() {
		permit.Release()
		return nil, ErrOpen
	}
	permit.StartedAt = time.Now()
	g.retries.countRequest(permit.StartedAt)
	return permit, nil
}

// Permit is the slot of one request in flight. Its outcome is the first call of
// Answered, Refused or Ended; a permit released without an outcome says nothing about
// the source.
type Permit struct {
	guard *Guard
	Request
	slots           *limiter.Limiter // the limiter of the slot
	generation      int              // of the source's breaker
	route           *circuit         // nil: the route has no failures
	routeGeneration int              // of the route's breaker
	StartedAt       time.Time
	retried         bool
	hasOutcome      atomic.Bool
	released        atomic.Bool
}

// admit asks the breakers of the source and the route.
func (p *Permit) admit() (ok bool) {
	if p.route != nil {
		if p.routeGeneration, ok = p.route.admit(); !ok {
			return false
		}
	}
	p.generation, ok = p.guard.breaker.admit()
	return ok
}

// readmit is admit for a request that was admitted and has waited since.
func (p *Permit) readmit() (ok bool) {
	if p.route == nil && p.guard.routes != nil {
		p.route = p.guard.routes.find(p.Method, p.Target)
	}
	if p.route != nil {
		if p.routeGeneration, ok = p.route.readmit(p.routeGeneration); !ok {
			return false
		}
	}
	p.generation, ok = p.guard.breaker.readmit(p.generation)
	return ok
}

// RecordResponse records that the header of a response arrived. The statuses 500, 502, 503
// and 504 are failures of a fragment's route; a 4xx is not.
func (p *Permit) RecordResponse(status int) {
	if p.claimOutcome() {
		p.guard.breaker.record(p.generation, "", p.Client)
		if isFailing(status) {
			p.recordRoute("status " + strconv.Itoa(status))
		} else {
			p.recordRoute("")
		}
	}
}

// RecordRefusal records why there is no usable response. Errors that are Options.Unwanted,
// such as a refusal by the composer or a mistake in the visitor's request, do not
// count.
func (p *Permit) RecordRefusal(ctx context.Context, err error) {
	if !p.guard.unwanted(err) {
		p.recordIncomplete(ctx, err)
	}
}

// RecordEnd records the end of a response's body, with the error of a body that ended too
// early. A client that leaves, or stops reading, is not a failure of the source.
func (p *Permit) RecordEnd(status int, err error) {
	switch late := errors.Is(err, context.DeadlineExceeded); {
	case err == nil, p.guard.unwanted(err), errors.Is(err, context.Canceled), late && time.Since(p.StartedAt) < p.guard.minWait:
		p.RecordResponse(status)
	default:
		p.recordFailure(err)
	}
}

// recordIncomplete records why no complete response arrived. It is a failure of the
// source if the request's context ctx has not ended, or the request is older than
// minWait.
func (p *Permit) recordIncomplete(ctx context.Context, err error) {
	if ctx.Err() == nil || time.Since(p.StartedAt) >= p.guard.minWait {
		p.recordFailure(err)
	}
}

// recordFailure counts a failure with the breaker of the source or of the route.
func (p *Permit) recordFailure(err error) {
	switch {
	case !p.claimOutcome():
	case http1.IsUnreachable(err) || p.guard.routes == nil && isLost(err):
		p.guard.breaker.record(p.generation, p.guard.reason(err), p.Client)
	default:
		p.recordRoute(p.guard.reason(err))
	}
}

// recordRoute counts an outcome with the breaker of the route, as circuit.record does.
func (p *Permit) recordRoute(reason string) {
	switch {
	case p.guard.routes == nil:
	case p.route != nil:
		p.route.record(p.routeGeneration, reason, p.Client)
	case reason != "":
		p.guard.routes.recordFailure(p.Method, p.Target, reason, p.Client)
	}
}

// isFailing reports whether a status is a failure of a fragment.
func isFailing(status int) bool { return status == 500 || status >= 502 && status <= 504 }

// isLost reports whether a request lost its connection, or got no response in time.
func isLost(err error) bool {
	var network net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &network) || http1.IsUnanswered(err)
}

// claimOutcome marks the permit as having an outcome. It reports whether it had none.
func (p *Permit) claimOutcome() bool { return p.hasOutcome.CompareAndSwap(false, true) }

// Retry reports whether the request r, which failed with err, is to be sent once more.
// Before it reports true, it pauses for a random time of at most 20 ms. It is not safe
// for concurrent use. All of these must hold:
//
//   - r is a GET or HEAD without a body, and was not retried before;
//   - err is a refused connection, or one lost before a response;
//   - the breakers have been closed since the request was admitted;
//   - the retry budget allows it, and the context's deadline leaves time for the
//     pause.
func (p *Permit) Retry(r *http.Request, err error) bool {
	if p.retried || !repeatable(r) || !http1.IsUnanswered(err) || !p.guard.breaker.closedSince(p.generation) ||
		p.route != nil && !p.route.closedSince(p.routeGeneration) {
		return false
	}
	p.retried = p.guard.retries.allowRetry(r.Context())
	return p.retried && pause(r.Context())
}

// Release returns the slot, as soon as the response has been read or given up. Calls
// after the first do nothing.
func (p *Permit) Release() {
	if p.released.CompareAndSwap(false, true) {
		p.slots.Release(p.Client)
	}
}
