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
	connections []*connection // in the order of their joining, for the sake of caches
	groups      []string      // under which Hub.groups lists the view
	queued      bool          // waits for a fetch, or for its retry
	fetching    bool
	failures    int   // fetches that failed in a row
	version     int64 // of the last message to JSON clients
	forgotten   bool  // no longer of the hub
	hold, retry *time.Timer
	claims      *claims     // of pages; nil: there are none to be answered
	invalidated int64       // when the view was invalidated last, in Unix nanoseconds
	refetched   int64       // when a claim last had the view fetched, in Unix nanoseconds
	pause       *time.Timer // until the next such fetch; nil: none is wanted

	current atomic.Pointer[rendered] // nil: never rendered
	stale   atomic.Pointer[span]     // invalidations that current may not reflect; nil: it is true
	late    atomic.Bool              // nobody waits for it
}

// A span is a range of invalidations, by their numbers. It is not changed
// once made.
type span struct{ first, last uint64 }

// with returns the span that ends with invalidation n.
func (s *span) with(n uint64) *span {
	if s == nil {
		return &span{n, n}
	}
	return &span{s.first, n}
}

func (s *span) meets(other *span) bool {
	return s.first <= other.last && other.first <= s.last
}

// heldFor says whether a change that reflects the invalidations of s waits
// for the view, because one of them concerns it too.
func (v *view) heldFor(s *span) bool {
	stale := v.stale.Load()
	return stale != nil && stale.meets(s) && !v.late.Load()
}

// touch notes that invalidation n concerns the view, and has it fetched; if
// it is being fetched, settle sees that it is to be fetched again.
// Hub.mu is held.
func (h *Hub) touch(v *view, n uint64) {
	wasTrue := v.stale.Load() == nil
	v.stale.Store(v.stale.Load().with(n))
	if wasTrue {
		h.limitHold(v)
	}
	if !v.queued && !v.fetching {
		h.enqueue(v)
	}
}

// limitHold ends the wait for the view if it takes too long. Hub.mu is held.
func (h *Hub) limitHold(v *view) {
	v.hold = time.AfterFunc(h.options.Hold, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		if v.stale.Load() != nil {
			v.late.Store(true)
			h.wake(v)
		}
	})
}

// wake flushes the connections that wait for the view. Hub.mu is held.
func (h *Hub) wake(v *view) {
	for _, c := range v.connections {
		if c.awaitsView.Load() {
			h.flusher.mark(c)
		}
	}
}

// spread marks all connections of a view that has changed, by the
// invalidations of s. Hub.mu is held.
func (h *Hub) spread(v *view, s *span) {
	for _, c := range v.connections {
		if c.pendingInvalidations.Load() == nil {
			c.pendingInvalidations.CompareAndSwap(nil, s)
		}
	}
	h.flusher.mark(v.connections...)
}

// view returns the view of that name, which is fetched if it is unknown.
// Hub.mu is held.
func (h *Hub) view(name View) *view {
	if v, ok := h.views[name]; ok {
		return v
	}
	name = View{strings.Clone(name.Reference), strings.Clone(name.Variant)} // not the whole token
	v := &view{View: name}
	h.views[name] = v
	h.touch(v, h.number)
	return v
}

// forget drops a view. Hub.mu is held.
func (h *Hub) forget(v *view) {
	if v.forgotten {
		return
	}
	v.forgotten = true
	delete(h.views, v.View)
	h.group(v, nil)
	v.stale.Store(nil)
	for _, t := range []*time.Timer{v.hold, v.retry, v.pause} {
		if t != nil {
			t.Stop()
		}
	}
	h.wake(v)
}

// group lists the view under these groups and no others. Hub.mu is held.
func (h *Hub) group(v *view, groups []string) {
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
