package breaker

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// retryBudget allows in each second one retry for ten requests, and at least one. It
// keeps the load of a failing source from doubling. The zero value is ready; it is
// safe for concurrent use.
//
// The budget of failsafe-go bounds the retries in flight, a bound never reached by a
// source that refuses connections at once.
type retryBudget struct {
	mu                sync.Mutex
	second            int64 // of the numbers, in Unix time
	requests, retries int
}

// retryShare is the number of requests for each retry.
const retryShare = 10

// maxPause bounds the random pause before a retry. The pause spreads requests that
// failed at the same moment, because of a restart of their source.
const maxPause = 20 * time.Millisecond

// countRequest counts a request that is not a retry.
func (b *retryBudget) countRequest(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.startSecond(now)
	b.requests++
}

// allowRetry reports whether a request may be sent once more, and counts the retry. It
// allows none if the context ends within maxPause.
func (b *retryBudget) allowRetry(ctx context.Context) bool {
	now := time.Now()
	if end, ok := ctx.Deadline(); ctx.Err() != nil || ok && end.Sub(now) <= maxPause {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.startSecond(now)
	if b.retries >= max(1, b.requests/retryShare) {
		return false
	}
	b.retries++
	return true
}

func (b *retryBudget) startSecond(now time.Time) {
	if second := now.Unix(); second != b.second {
		b.second, b.requests, b.retries = second, 0, 0
	}
}

// repeatable reports whether a request may be sent twice, and has no body (RFC 9110
// §9.2.2).
func repeatable(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && (r.Body == nil || r.Body == http.NoBody)
}

// pause waits for a random time. It reports false if the context has ended.
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
