package hub

import (
	"maps"
	"sync"
	"sync/atomic"
)

// Stats are figures of a hub. Figures of open connections and live views are
// current; the remaining figures count from the hub's start.
type Stats struct {
	WebSockets, EventStreams int              // open connections
	Views                    int              // live views
	Fetches                  int64            // calls of Pages.Fetch
	Updates                  int64            // views sent, summed over connections
	Frames                   int64            // writes to connections
	Bytes                    int64            // of those writes
	Merged                   int64            // changes replaced by a newer change before they were sent
	Stalled                  int64            // clients that read too slowly
	Reaped                   int64            // clients without a sign of life
	Refused                  map[string]int64 // connections not accepted, by reason
}

// statCounters are the parts of Stats counted as events happen.
type statCounters struct {
	fetches, updates, frames, bytes, merged, stalled, reaped atomic.Int64

	mu      sync.Mutex
	refused map[string]int64
}

func (n *statCounters) countRefusal(reason string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.refused == nil {
		n.refused = make(map[string]int64)
	}
	n.refused[reason]++
}

// Stats returns the current figures.
func (h *Hub) Stats() Stats {
	n := &h.stats
	s := Stats{
		Fetches: n.fetches.Load(),
		Updates: n.updates.Load(),
		Frames:  n.frames.Load(),
		Bytes:   n.bytes.Load(),
		Merged:  n.merged.Load(),
		Stalled: n.stalled.Load(),
		Reaped:  n.reaped.Load(),
	}
	n.mu.Lock()
	s.Refused = maps.Clone(n.refused)
	n.mu.Unlock()
	h.mu.Lock()
	defer h.mu.Unlock()
	s.WebSockets = h.counts.byTransport[WebSocket]
	s.EventStreams = h.counts.byTransport[Events]
	s.Views = len(h.views)
	return s
}
