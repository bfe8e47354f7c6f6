package breaker

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// maxPause bounds the random pause before a retry. Requests that a restart of
// their source made fail in the same moment do not come back in one.
const maxPause = 20 * time.Millisecond

// retryShare is one in how many requests may be followed by a retry.
const retryShare = 10

// retryBudget allows, in each second, one retry for ten requests, and one in
// any case. A source that is in trouble is not asked twice as often because of
// it. The zero value is ready; it is safe for concurrent use.
//
// Failsafe's budget bounds the retries that are in flight at a time, which a
// source that refuses at once never reaches.
type retryBudget struct {
	mu                sync.Mutex
	second            int64 // that the numbers are of
	requests, retries int
}

// asked counts a request that is no retry.
func (b *retryBudget) asked(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.turn(now)
	b.requests++
}

// take reports whether a request may be sent once more, and counts that. It
// takes nothing if the time for it would not be enough.
func (b *retryBudget) take(ctx context.Context) bool {
	now := time.Now()
	if end, ok := ctx.Deadline(); ctx.Err() != nil || ok && end.Sub(now) <= maxPause {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.turn(now)
	if b.retries >= max(1, b.requests/retryShare) {
		return false
	}
	b.retries++
	return true
}

func (b *retryBudget) turn(now time.Time) {
	if second := now.Unix(); second != b.second {
		b.second, b.requests, b.retries = second, 0, 0
	}
}

// repeatable reports whether a request may be sent twice without harm, and can
// be (RFC 9110 §9.2.2).
func repeatable(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && (r.Body == nil || r.Body == http.NoBody)
}

// pause waits a moment. It reports whether the context allowed that.
func pause(ctx context.Context) bool {
	timer := time.NewTimer(rand.N(maxPause))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
