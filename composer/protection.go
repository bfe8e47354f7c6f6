package composer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/failsafe-go/failsafe-go/bulkhead"
)

// protection stands between the requests and one source: it bounds how many
// are in flight, lets next to none through while the source is dead, and keeps
// retries rare. It is safe for concurrent use.
//
// Who finds all places taken waits, first come, first served, for as long as
// its context allows. The queue has no other bound: who waits in it is an
// include or an action that has a goroutine anyway, and a deadline.
type protection struct {
	inFlight int
	patience time.Duration
	places   bulkhead.Bulkhead[any]
	breaker  *breaker
	retries  retryBudget
}

// newProtection returns the protection of the source with this name in the
// log. There are inFlight requests to it at a time. If a request was given up
// without an answer, that counts against the source from patience on: what was
// given up earlier had too little time, or was not wanted anymore. Patience is
// less than a request has by default, of which some goes before it begins.
func newProtection(name string, inFlight int, patience time.Duration, logger *slog.Logger) *protection {
	return &protection{
		inFlight: inFlight,
		patience: patience,
		places:   bulkhead.New[any](uint(inFlight)),
		breaker:  newBreaker(name, logger),
	}
}

// state is "closed", "open", or "half-open" while a dead source is asked
// whether it is back.
func (p *protection) state() string { return p.breaker.state() }

// enter waits for a place among the requests in flight. The error is errOpen,
// at once, or that of the context.
//
// Nobody may wait for a passage, or for anyone who needs one, while holding
// another: that would deadlock as soon as all places are held like this.
func (p *protection) enter(ctx context.Context) (*passage, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	era, ok := p.breaker.admit()
	if !ok {
		return nil, errOpen
	}
	if !p.places.TryAcquirePermit() {
		if err := p.places.AcquirePermit(ctx); err != nil {
			return nil, fmt.Errorf("%d requests are in flight to the source: %w", p.inFlight, err)
		}
		if era, ok = p.breaker.readmit(era); !ok {
			p.places.ReleasePermit()
			return nil, errOpen
		}
	}
	began := time.Now()
	p.retries.asked(began)
	return &passage{protection: p, era: era, began: began}, nil
}

// passage is the place of one request in flight. Of answered and failed the
// first call counts; without one, nothing is known of the source. In the end
// there must be a release.
type passage struct {
	protection *protection
	era        int // of the breaker
	began      time.Time
	retried    bool
	settled    atomic.Bool
	released   atomic.Bool
}

// answered records that the header of an answer came. The statuses 500, 502,
// 503 and 504 are failures of the source; a 4xx is not.
func (g *passage) answered(status int) { g.settle(isFailure(status)) }

// failed records that no answer came. It was the source that failed if ctx,
// which is that of the request, is still valid, or the source had patience.
func (g *passage) failed(ctx context.Context) {
	if ctx.Err() == nil || time.Since(g.began) >= g.protection.patience {
		g.settle(true)
	}
}

// refused records why there is no answer, or none that is of use. What we
// refuse ourselves says nothing of the source.
func (g *passage) refused(ctx context.Context, err error) {
	if !isUnwanted(err) {
		g.failed(ctx)
	}
}

// ended records that the body of an answer has ended, and why if that was too
// early. Who leaves, or takes no more of it, says nothing against the source.
func (g *passage) ended(status int, err error) {
	switch late := errors.Is(err, context.DeadlineExceeded); {
	case err == nil, isUnwanted(err), errors.Is(err, context.Canceled), late && time.Since(g.began) < g.protection.patience:
		g.answered(status)
	default:
		g.settle(true)
	}
}

// isUnwanted reports whether an answer was not wanted, though the source may have
// one: its address is denied, or it is more than we take.
func isUnwanted(err error) bool {
	var denied *AddressError
	return errors.As(err, &denied) || errors.Is(err, errTooLarge) || errors.Is(err, errEncoded)
}

func (g *passage) settle(failed bool) {
	if g.settled.CompareAndSwap(false, true) {
		g.protection.breaker.record(g.era, failed)
	}
}

// retry reports whether the request, which failed with err, is to be sent once
// more. It waits a moment before it says so. It is not for concurrent use.
func (g *passage) retry(r *http.Request, err error) bool {
	if g.retried || !repeatable(r) || !unanswered(err) || !g.protection.breaker.closedSince(g.era) {
		return false
	}
	g.retried = g.protection.retries.take(r.Context())
	return g.retried && pause(r.Context())
}

// release gives the place back. It is to be called as soon as the answer has
// been read or given up; calls after the first do nothing.
func (g *passage) release() {
	if g.released.CompareAndSwap(false, true) {
		g.protection.places.ReleasePermit()
	}
}
