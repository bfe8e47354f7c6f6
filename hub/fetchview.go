package hub

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"
)

// fetchView fetches a view. The caller holds Hub.mu; fetchView releases it
// during the fetch.
func (h *Hub) fetchView(v *view) {
	v.fetching = true
	pending, number, since, invalidated := v.stale.Load(), h.lastInvalidation, v.claims.fetchSince(), v.invalidatedAt
	v.claims.markAsked()
	h.mu.Unlock()
	next, err := h.fetchFragment(v.View, since)
	h.mu.Lock()
	if err == nil {
		next.date.Store(max(next.date.Load(), invalidated)) // guaranteed by the contract of Pages; the clocks of sources are rounded
	}
	v.fetching = false
	switch {
	case v.removed:
	case errors.Is(err, ErrGone):
		h.removeView(v)
	case err != nil:
		h.retryLater(v, err)
	case next.Last:
		h.storeLast(v, next, pending)
	case next.olderThan(v.current.Load()):
		h.retryLater(v, errStale)
	case v.claims.contradicts(next) && v.refetchWait() <= 0:
		v.refetchedAt = time.Now().UnixNano()
		h.enqueue(v)
	default:
		h.storeRendered(v, next, pending, number)
	}
}

// fetchFragment calls Pages.Fetch for a rendering no older than since. The
// caller does not hold Hub.mu.
func (h *Hub) fetchFragment(v View, since time.Time) (*rendered, error) {
	ctx, cancel := context.WithTimeout(h.ctx, h.options.Timeout)
	defer cancel()
	h.stats.fetches.Add(1)
	called := time.Now()
	var f Fragment
	var err error
	if cut := h.callRecovering("fetch", func() { f, err = h.pages.Fetch(ctx, v, since) }); cut != nil {
		return nil, cut
	}
	if presenter, ok := h.options.Protocol.(gonePresenter); ok && errors.Is(err, ErrGone) {
		if gone, ok := presenter.Gone(v); ok {
			f, err = gone, nil
		}
	}
	if err != nil {
		return nil, err
	}
	if f.Date.IsZero() {
		f.Date = called
	}
	if f.Date.Before(since) {
		f.Date = since // guaranteed by the contract of Pages
	}
	return newRendered(f)
}

// storeRendered makes next the current rendering of the view. Number is the
// last invalidation before the fetch. The caller holds Hub.mu.
func (h *Hub) storeRendered(v *view, next *rendered, pending *invalidationRange, number uint64) {
	h.setGroups(v, next.Groups)
	v.failures = 0
	v.unheld.Store(false)
	v.batchTimer.Stop()
	contradicted := !v.claims.fetchSince().IsZero()
	v.claims = nil

	last := v.current.Load()
	changed := last == nil || last.ETag != next.ETag
	if !changed {
		last.date.Store(max(last.date.Load(), next.date.Load()))
	} else {
		v.version = max(v.version+1, next.Revision)
		next.version = v.version
		next.changeNumber = 1
		if last != nil {
			next.changeNumber, next.lastRestyle = last.changeNumber+1, last.lastRestyle
			if !slices.Equal(last.Styles, next.Styles) {
				next.lastRestyle = next.changeNumber
			}
		}
		v.current.Store(next)
	}
	v.stale.Store(h.invalidationsSince(number, next.Groups))
	if v.stale.Load() != nil {
		h.startBatchTimer(v)
		h.enqueue(v)
	}
	switch {
	case changed:
		h.markConnections(v, pending)
	case contradicted: // the page that made the claim has not been sent the view
		h.flusher.mark(v.connections...)
	default:
		h.flushWaiting(v)
	}
}

// storeLast makes next the last rendering of the view, and removes the view from
// the hub. The connections keep their subscriptions until they are sent next.
// The caller holds Hub.mu.
func (h *Hub) storeLast(v *view, next *rendered, pending *invalidationRange) {
	next.changeNumber = 1
	if last := v.current.Load(); last != nil {
		next.changeNumber = last.changeNumber + 1
	}
	v.current.Store(next)
	h.removeView(v)
	h.markConnections(v, pending)
}

// retryLater fetches a failed view again, after a delay that grows with the
// failures. Connections do not wait for the view meanwhile. The caller holds
// Hub.mu.
func (h *Hub) retryLater(v *view, err error) {
	v.failures++
	if v.failures == 1 {
		h.options.Logger.Warn("fetch view", "reference", v.Reference, "error", err)
	}
	v.unheld.Store(true)
	h.flushWaiting(v)
	delay := min(100*time.Millisecond<<min(v.failures-1, 10), maxRetry)
	h.enqueueLater(v, delay-rand.N(delay/4))
}

// maxRetry is the longest delay before a failed fragment is fetched again.
const maxRetry = 5 * time.Second

// errStale reports a fragment in an older revision than the current rendering.
var errStale = errors.New("answered with an older revision than before")

// enqueue has a view fetched as soon as a fetcher is free. The queue holds each
// view once. The caller holds Hub.mu.
func (h *Hub) enqueue(v *view) {
	v.queued = true
	h.fetchQueue = append(h.fetchQueue, v)
	if h.fetchers < h.options.Fetches && !h.closed {
		h.fetchers++
		h.goroutines.Go(h.runFetcher)
	}
}

// runFetcher fetches queued views until the queue is empty.
func (h *Hub) runFetcher() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for len(h.fetchQueue) > 0 && !h.closed {
		v := h.fetchQueue[0]
		h.fetchQueue[0] = nil
		h.fetchQueue = h.fetchQueue[1:]
		v.queued = false
		if !v.removed {
			h.fetchView(v)
		}
	}
	h.fetchers--
}

// enqueueLater enqueues a view after a delay. The caller holds Hub.mu.
func (h *Hub) enqueueLater(v *view, delay time.Duration) {
	v.queued = true
	v.retryTimer = time.AfterFunc(delay, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		if !v.removed {
			h.enqueue(v)
		}
	})
}
