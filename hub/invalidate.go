package hub

import (
	"context"
	"slices"
	"time"
)

// Invalidate reports a change of the groups' data: every view in any of the
// groups is fetched again, and sent where it differs. Invalidate hands the
// groups to the broker without waiting for fetches. It is safe for concurrent
// use.
func (h *Hub) Invalidate(groups ...string) {
	if len(groups) == 0 {
		return
	}
	groups = slices.Clone(groups)
	if err := h.options.Broker.Publish(context.Background(), groups); err != nil {
		h.options.Logger.Error("publish invalidation", "groups", groups, "error", err)
		h.applyInvalidation(groups)
	}
}

// historySize is the number of invalidations kept for views being fetched,
// whose groups are not known yet.
const historySize = 512

// applyInvalidation marks the views of changed groups stale. An empty slice
// stands for every group. The broker calls it.
func (h *Hub) applyInvalidation(groups []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lastInvalidation++
	h.history[h.lastInvalidation%historySize] = groups
	now := time.Now().UnixNano()
	if len(groups) == 0 {
		for _, v := range h.views {
			v.invalidatedAt = now
			h.markStale(v, h.lastInvalidation)
		}
		return
	}
	for _, g := range groups {
		for v := range h.groups[g] {
			v.invalidatedAt = now
			h.markStale(v, h.lastInvalidation)
		}
	}
}

// invalidationsSince returns the invalidations after number, from the first
// that concerns the groups; nil if none does. If the history does not reach
// back to number, all invalidations after it count. The result of a fetch may
// be older than these invalidations, even if the view was not listed under the
// groups before. The caller holds Hub.mu.
func (h *Hub) invalidationsSince(number uint64, groups []string) *invalidationRange {
	for n := number + 1; n <= h.lastInvalidation; n++ {
		invalidated := h.history[n%historySize]
		if h.lastInvalidation-number > historySize || len(invalidated) == 0 ||
			slices.ContainsFunc(invalidated, func(g string) bool { return slices.Contains(groups, g) }) {
			return &invalidationRange{n, h.lastInvalidation}
		}
	}
	return nil
}

// An invalidationRange is a range of invalidation numbers. It is immutable.
type invalidationRange struct{ first, last uint64 }

// extendedTo returns the range extended to invalidation n.
func (r *invalidationRange) extendedTo(n uint64) *invalidationRange {
	if r == nil {
		return &invalidationRange{n, n}
	}
	return &invalidationRange{r.first, n}
}

func (r *invalidationRange) overlaps(other *invalidationRange) bool {
	return r.first <= other.last && other.first <= r.last
}
