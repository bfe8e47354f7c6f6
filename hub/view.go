package hub

import (
	"strings"
	"sync/atomic"
	"time"
)

// A view is a [View] shown by at least one connection. Hub.mu guards its
// fields, except the atomic fields, because workers read them without the lock.
type view struct {
	View
	connections            []*connection // in the order of joining, for sequential memory access
	groups                 []string      // Hub.groups lists the view under these
	queued                 bool          // is in Hub.fetchQueue, or waits for retryTimer
	fetching               bool
	failures               int   // consecutive failed fetches
	version                int64 // of the last message to JSON clients
	removed                bool  // not in Hub.views any more
	batchTimer, retryTimer *time.Timer
	claims                 *pageClaims // of pages; nil: no unresolved claims
	invalidatedAt          int64       // time of the last invalidation, in Unix nanoseconds
	refetchedAt            int64       // time of the last fetch for a claim, in Unix nanoseconds
	refetchTimer           *time.Timer // until the next fetch for a claim; nil: no fetch is due

	current atomic.Pointer[rendered]          // nil: never rendered
	stale   atomic.Pointer[invalidationRange] // invalidations that current may not reflect; nil: current is up to date
	unheld  atomic.Bool                       // connections do not wait for the view
}

// holdsBack reports whether a change that reflects the invalidations of s waits
// for the view, because at least one of them concerns the view too.
func (v *view) holdsBack(s *invalidationRange) bool {
	stale := v.stale.Load()
	return stale != nil && stale.overlaps(s) && !v.unheld.Load()
}

// markStale records that invalidation n concerns the view, and has the view
// fetched. During a fetch, storeRendered enqueues the next fetch. The caller
// holds Hub.mu.
func (h *Hub) markStale(v *view, n uint64) {
	wasTrue := v.stale.Load() == nil
	v.stale.Store(v.stale.Load().extendedTo(n))
	if wasTrue {
		h.startBatchTimer(v)
	}
	if !v.queued && !v.fetching {
		h.enqueue(v)
	}
}

// startBatchTimer ends the wait for the view after Options.Hold. The caller
// holds Hub.mu.
func (h *Hub) startBatchTimer(v *view) {
	v.batchTimer = time.AfterFunc(h.options.Hold, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		if v.stale.Load() != nil {
			v.unheld.Store(true)
			h.flushWaiting(v)
		}
	})
}

// flushWaiting flushes the connections that wait for the view. The caller holds
// Hub.mu.
func (h *Hub) flushWaiting(v *view) {
	for _, c := range v.connections {
		if c.awaitsView.Load() {
			h.flusher.mark(c)
		}
	}
}

// markConnections marks all connections of a view changed by the invalidations
// of s. The caller holds Hub.mu.
func (h *Hub) markConnections(v *view, s *invalidationRange) {
	for _, c := range v.connections {
		if c.pendingInvalidations.Load() == nil {
			c.pendingInvalidations.CompareAndSwap(nil, s)
		}
	}
	h.flusher.mark(v.connections...)
}

// viewFor returns the view of a name. An unknown view is added and fetched. The
// caller holds Hub.mu.
func (h *Hub) viewFor(name View) *view {
	if v, ok := h.views[name]; ok {
		return v
	}
	name = View{strings.Clone(name.Reference), strings.Clone(name.Variant)} // clones do not keep the whole token alive
	v := &view{View: name}
	h.views[name] = v
	h.markStale(v, h.lastInvalidation)
	return v
}

// removeView removes a view from the hub. The caller holds Hub.mu.
func (h *Hub) removeView(v *view) {
	if v.removed {
		return
	}
	v.removed = true
	delete(h.views, v.View)
	h.setGroups(v, nil)
	v.stale.Store(nil)
	for _, t := range []*time.Timer{v.batchTimer, v.retryTimer, v.refetchTimer} {
		if t != nil {
			t.Stop()
		}
	}
	h.flushWaiting(v)
}

// setGroups lists the view under exactly these groups. The caller holds Hub.mu.
func (h *Hub) setGroups(v *view, groups []string) {
	for _, g := range v.groups {
		delete(h.groups[g], v)
		if len(h.groups[g]) == 0 {
			delete(h.groups, g)
		}
	}
	v.groups = groups
	for _, g := range groups {
		if h.groups[g] == nil {
			h.groups[g] = make(map[*view]struct{})
		}
		h.groups[g][v] = struct{}{}
	}
}
