package composer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync/atomic"
	"time"

	"selvedge/composer/internal/http1"
	"selvedge/composer/internal/limiter"
)

// protection stands between the requests and one source: it bounds how many
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
type protection struct {
	inFlight int
	patience time.Duration
	slots    *limiter.Limiter // for requests that are there as a whole
	uploads  *limiter.Limiter // for requests whose body is still being sent
	breaker  *breaker         // of the source
	routes   *routeBreakers   // nil: the source is no fragment
	retries  retryBudget
}

// One part in so many of MaxInFlight is for requests whose body is still being
// sent, and one part in so many of either bound is one client's share.
const (
	uploadPart = 4
	clientPart = 4
)

// newProtection returns the protection of the source with this name in the
// log, which is a fragment or none. There are inFlight requests to it at a time.
// If a request was given up without an answer, that counts against the source
// from patience on: what was given up earlier had too little time, or was not
// wanted anymore. Patience is less than a request has by default, of which some
// goes before it begins.
func newProtection(name string, fragment bool, inFlight int, patience time.Duration, logger *slog.Logger) *protection {
	p := &protection{
		inFlight: inFlight,
		patience: patience,
		slots:    newLimiter(inFlight),
		uploads:  newLimiter(max(inFlight/uploadPart, 1)),
		breaker:  newBreaker(name, logger),
	}
	if fragment {
		p.routes = &routeBreakers{name: name, logger: logger}
	}
	return p
}

func newLimiter(slots int) *limiter.Limiter {
	return limiter.New(slots, max(slots/clientPart, 1))
}

// admission describes a request that asks for a place.
type admission struct {
	method, target string
	client         netip.Addr // see Composer.clientOf
	upload         bool       // its body is still being sent
}

// enter waits for a place among the requests in flight. The error is errOpen,
// at once, or that of the context.
//
// Nobody may wait for a passage, or for anyone who needs one, while holding
// another: that would deadlock as soon as all places are held like this.
func (p *protection) enter(ctx context.Context, a admission) (*passage, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	g := &passage{protection: p, admission: a, slots: p.slots}
	if a.upload {
		g.slots = p.uploads
	}
	if p.routes != nil {
		g.route = p.routes.find(a.method, a.target)
	}
	if !g.admit() {
		return nil, errOpen
	}
	waited, err := g.slots.Acquire(ctx, a.client)
	if err != nil {
		return nil, fmt.Errorf("%d requests are in flight to the source: %w", p.inFlight, err)
	}
	if waited && !g.readmit() {
		g.release()
		return nil, errOpen
	}
	g.began = time.Now()
	p.retries.asked(g.began)
	return g, nil
}

// passage is the place of one request in flight. Of answered and failed the
// first call counts; without one, nothing is known of the source. In the end
// there must be a release.
type passage struct {
	protection *protection
	admission
	slots    *limiter.Limiter // that the place is of
	era      int              // of the source's breaker
	route    *breaker         // nil: the route has not failed
	routeEra int              // of its breaker
	began    time.Time
	retried  bool
	settled  atomic.Bool
	released atomic.Bool
}

// admit asks the breakers that the request has to pass.
func (g *passage) admit() (ok bool) {
	if g.route != nil {
		if g.routeEra, ok = g.route.admit(); !ok {
			return false
		}
	}
	g.era, ok = g.protection.breaker.admit()
	return ok
}

// readmit is admit for a request that was admitted and has waited since.
func (g *passage) readmit() (ok bool) {
	if g.route == nil && g.protection.routes != nil {
		g.route = g.protection.routes.find(g.method, g.target)
	}
	if g.route != nil {
		if g.routeEra, ok = g.route.readmit(g.routeEra); !ok {
			return false
		}
	}
	g.era, ok = g.protection.breaker.readmit(g.era)
	return ok
}

// answered records that the header of an answer came. The statuses 500, 502,
// 503 and 504 are failures of a fragment's route; a 4xx is not.
func (g *passage) answered(status int) {
	if g.settle() {
		g.protection.breaker.record(g.era, "", g.client)
		if isFailure(status) {
			g.recordRoute(statusReason(status))
		} else {
			g.recordRoute("")
		}
	}
}

// failed records why no whole answer came. It was the source that failed if ctx,
// which is that of the request, is still valid, or the source had patience.
func (g *passage) failed(ctx context.Context, err error) {
	if ctx.Err() == nil || time.Since(g.began) >= g.protection.patience {
		g.recordFailure(err)
	}
}

// recordFailure counts a failure where it belongs.
func (g *passage) recordFailure(err error) {
	switch {
	case !g.settle():
	case isUnreachable(err) || g.protection.routes == nil && isLost(err):
		g.protection.breaker.record(g.era, failureReason(err), g.client)
	default:
		g.recordRoute(failureReason(err))
	}
}

// recordRoute counts what became of the request with its route, as
// breaker.record does.
func (g *passage) recordRoute(reason string) {
	switch {
	case g.protection.routes == nil:
	case g.route != nil:
		g.route.record(g.routeEra, reason, g.client)
	case reason != "":
		g.protection.routes.recordFailure(g.method, g.target, reason, g.client)
	}
}

// refused records why there is no answer, or none that is of use. What we
// refuse ourselves, and what is wrong with the visitor's request, says nothing
// of the source.
func (g *passage) refused(ctx context.Context, err error) {
	if !isUnwanted(err) {
		g.failed(ctx, err)
	}
}

// ended records that the body of an answer has ended, and why if that was too
// early. Who leaves, or takes no more of it, says nothing against the source.
func (g *passage) ended(status int, err error) {
	switch late := errors.Is(err, context.DeadlineExceeded); {
	case err == nil, isUnwanted(err), errors.Is(err, context.Canceled), late && time.Since(g.began) < g.protection.patience:
		g.answered(status)
	default:
		g.recordFailure(err)
	}
}

// isUnwanted reports whether an answer was not wanted, though the source may have
// one: its address is denied, or it is more than we take.
func isUnwanted(err error) bool {
	var denied *AddressError
	return errors.As(err, &denied) || errors.Is(err, errTooLarge) || errors.Is(err, errEncoded)
}

// isLost reports whether a request lost its connection, or got no answer in
// time.
func isLost(err error) bool {
	var network net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &network) || http1.Unanswered(err)
}

// settle reports whether nothing was recorded yet.
func (g *passage) settle() bool { return g.settled.CompareAndSwap(false, true) }

// retry reports whether the request, which failed with err, is to be sent once
// more. It waits a moment before it says so. It is not for concurrent use.
func (g *passage) retry(r *http.Request, err error) bool {
	if g.retried || !repeatable(r) || !http1.Unanswered(err) || !g.protection.breaker.closedSince(g.era) ||
		g.route != nil && !g.route.closedSince(g.routeEra) {
		return false
	}
	g.retried = g.protection.retries.take(r.Context())
	return g.retried && pause(r.Context())
}

// release gives the place back. It is to be called as soon as the answer has
// been read or given up; calls after the first do nothing.
func (g *passage) release() {
	if g.released.CompareAndSwap(false, true) {
		g.slots.Release(g.client)
	}
}
