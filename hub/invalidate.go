package hub

import (
	"context"
	"slices"
	"time"
)

// Invalidate says that the data of these groups changed: every view that
// names one of them is rendered again, and sent where it differs. It hands
// the groups to the broker and does not wait for the renderings. It may be
// called at any time, by many goroutines.
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

// historySize is how many invalidations the hub remembers for the views that are
// being fetched when they come.
const historySize = 512

// applyInvalidation is told by the broker that groups changed; none at all stands for
// every group.
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

// invalidationsSince returns the invalidations after the given one from the first that
// concerns the groups; nil, if none does. When it does not remember them all,
// it takes the first to do so. What a fetch has answered may be older than
// these, whether or not the view was listed under the groups before. Hub.mu
// is held.
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

// A span is a range of invalidations, by their numbers. It is not changed
// once made.
type invalidationRange struct{ first, last uint64 }

// extendedTo returns the span that ends with invalidation n.
func (s *invalidationRange) extendedTo(n uint64) *invalidationRange {
	if s == nil {
		return &invalidationRange{n, n}
	}
	return &invalidationRange{s.first, n}
}

func (s *invalidationRange) overlaps(other *invalidationRange) bool {
	return s.first <= other.last && other.first <= s.last
}
