package hub

import "slices"

// subscription is a view as a connection shows it. Its fields are guarded:
//   - view is immutable;
//   - sentChange by writeMu;
//   - index by Hub.mu.
//
// Both locks are held to copy it.
type subscription struct {
	view       *view
	sentChange uint32 // changeNumber sent last; 0: the page shows its entry in uncompared, if any
	index      int32  // of the connection in view.connections
}

// subscriptionTo returns the connection's subscription to a view, or nil. The
// caller holds writeMu or Hub.mu.
func (c *connection) subscriptionTo(name View) *subscription {
	for i := range c.subscriptions {
		if s := &c.subscriptions[i]; s.view.View == name {
			return s
		}
	}
	return nil
}

// subscribe adds views to a connection. The caller holds Hub.mu, and the
// writeMu of a connection that has joined.
func (h *Hub) subscribe(c *connection, views []Shown) {
	c.subscriptions = slices.Grow(slices.Clip(c.subscriptions), len(views))
	for _, s := range views {
		if c.subscriptionTo(s.View) != nil {
			continue
		}
		v := h.viewFor(s.View)
		c.subscriptions = append(c.subscriptions, subscription{view: v, index: int32(len(v.connections))})
		v.connections = append(v.connections, c)
		h.refetchIfNewer(v, s)
	}
	c.pendingInvalidations.Store(&invalidationRange{0, h.lastInvalidation})
}

// unsubscribe removes a connection from a view. A view without connections is
// removed from the hub. The caller holds Hub.mu.
func (h *Hub) unsubscribe(s *subscription) {
	v := s.view
	last := len(v.connections) - 1
	moved := v.connections[last]
	v.connections[s.index] = moved
	moved.subscriptionTo(v.View).index = s.index
	v.connections[last] = nil
	v.connections = v.connections[:last]
	if last == 0 {
		h.removeView(v)
	}
}

// subscribeMore has views sent to a connection, including views it shows
// already. If Options.Views would be exceeded, it subscribes to no view and
// returns false; the views it shows already are still sent again.
func (h *Hub) subscribeMore(c *connection, views []View) bool {
	if len(views) == 0 {
		return true
	}
	c.writeMu.Lock()
	defer h.flusher.mark(c)
	defer c.writeMu.Unlock()
	h.mu.Lock()
	defer h.mu.Unlock()
	var more []Shown
	for _, name := range views {
		if s := c.subscriptionTo(name); s != nil {
			s.sentChange = 0
			c.uncompared = slices.DeleteFunc(c.uncompared, func(s Shown) bool { return s.View == name })
		} else if s := (Shown{View: name}); !slices.Contains(more, s) {
			more = append(more, s)
		}
	}
	if most := h.options.Views; most > 0 && len(c.subscriptions)+len(more) > most {
		return false
	}
	if c.joined {
		h.subscribe(c, more)
	}
	return true
}
