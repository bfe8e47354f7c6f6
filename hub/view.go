package hub

import (
	"strings"
	"sync/atomic"
	"time"
)

// A view is a [View] that at least one connection shows. Hub.mu guards what
// is not atomic; the atomics are read by the workers without it.
type view struct {
	View
	connections            []*connection // in the order of their joining, for the sake of caches
	groups                 []string      // under which Hub.groups lists the view
	queued                 bool          // waits for a fetch, or for its retry
	fetching               bool
	failures               int   // fetches that failed in a row
	version                int64 // of the last message to JSON clients
	removed                bool  // no longer of the hub
	batchTimer, retryTimer *time.Timer
	claims                 *pageClaims // of pages; nil: there are none to be answered
	invalidatedAt          int64       // when the view was invalidated last, in Unix nanoseconds
	refetchedAt            int64       // when a claim last had the view fetched, in Unix nanoseconds
	refetchTimer           *time.Timer // until the next such fetch; nil: none is wanted

	current atomic.Pointer[rendered]          // nil: never rendered
	stale   atomic.Pointer[invalidationRange] // invalidations that current may not reflect; nil: it is true
	unheld  atomic.Bool                       // nobody waits for it
}

// holdsBack says whether a change that reflects the invalidations of s waits
// for the view, because one of them concerns it too.
func (v *view) holdsBack(s *invalidationRange) bool {
	stale := v.stale.Load()
	return stale != nil && stale.overlaps(s) && !v.unheld.Load()
}

// markStale notes that invalidation n concerns the view, and has it fetched; if
// it is being fetched, settle sees that it is to be fetched again.
// Hub.mu is held.
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

// startBatchTimer ends the wait for the view if it takes too long. Hub.mu is held.
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

// flushWaiting flushes the connections that wait for the view. Hub.mu is held.
func (h *Hub) flushWaiting(v *view) {
	for _, c := range v.connections {
		if c.awaitsView.Load() {
			h.flusher.mark(c)
		}
	}
}

// markConnections marks all connections of a view that has changed, by the
// invalidations of s. Hub.mu is held.
func (h *Hub) markConnections(v *view, s *invalidationRange) {
	for _, c := range v.connections {
		if c.pendingInvalidations.Load() == nil {
			c.pendingInvalidations.CompareAndSwap(nil, s)
		}
	}
	h.flusher.mark(v.connections...)
}

// viewFor returns the view of that name, which is fetched if it is unknown.
// Hub.mu is held.
func (h *Hub) viewFor(name View) *view {
	if v, ok := h.views[name]; ok {
		return v
	}
	name = View{strings.Clone(name.Reference), strings.Clone(name.Variant)} // not the whole token
	v := &view{View: name}
	h.views[name] = v
	h.markStale(v, h.lastInvalidation)
	return v
}

// removeView drops a view. Hub.mu is held.
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

// setGroups lists the view under these groups and no others. Hub.mu is held.
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
