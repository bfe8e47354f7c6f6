package hub

import "slices"

// subscription is a view as a connection shows it. The turn guards it, but for the
// view, which stays, and the index, which Hub.mu guards; so it is copied
// with both held.
type subscription struct {
	view       *view
	sentChange uint32 // of the change that it has; 0: as in connection.uncompared, if it is there
	index      int32  // of the connection in view.connections
}

// subscriptionTo returns the view of that name as the connection shows it, or nil.
// The turn or Hub.mu is held.
func (c *connection) subscriptionTo(name View) *subscription {
	for i := range c.subscriptions {
		if s := &c.subscriptions[i]; s.view.View == name {
			return s
		}
	}
	return nil
}

// subscribe adds views to what a connection shows. Hub.mu is held, and the turn
// of a connection that has joined.
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

// unsubscribe takes a connection from a view that it shows. A view that nobody shows
// any more is forgotten. Hub.mu is held.
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

// subscribeMore has views sent to a connection, those that it shows already
// included. It refuses all if there are too many.
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
