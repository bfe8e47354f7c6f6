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

// applyReply subscribes a connection to the views of a reply, and has them sent,
// including views followed already. If Options.Views would be exceeded, it
// subscribes to no view and returns false; the views followed already are still
// sent again.
func (h *Hub) applyReply(c *connection, reply Reply) bool {
	if len(reply.Show)+len(reply.Hide) == 0 {
		return true
	}
	c.writeMu.Lock()
	defer h.flusher.mark(c)
	defer c.writeMu.Unlock()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.unsubscribeIf(c, func(s *subscription) bool {
		if slices.Contains(reply.Show, s.view.View) {
			return s.view.removed // the view has ended, and begins again
		}
		return slices.Contains(reply.Hide, s.view.View)
	})
	var more []Shown
	for _, name := range reply.Show {
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
		h.refetchIfSeenNewer(reply.Seen)
	}
	return true
}

// refetchIfSeenNewer has views fetched again whose states may be newer than the
// hub's renderings. The caller holds Hub.mu.
func (h *Hub) refetchIfSeenNewer(seen []Shown) {
	for _, s := range seen {
		if v := h.views[s.View]; v != nil {
			h.refetchIfNewer(v, s)
		}
	}
}

// unsubscribeEnded removes the subscriptions to views that have ended (see
// Fragment.Last) and were sent. The caller holds writeMu.
func (h *Hub) unsubscribeEnded(c *connection) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.unsubscribeIf(c, func(s *subscription) bool {
		r := s.view.current.Load()
		return r != nil && r.Last && r.changeNumber == s.sentChange
	})
}

// unsubscribeIf removes the subscriptions for which remove reports true, unless
// the connection has left. The caller holds Hub.mu and writeMu.
func (h *Hub) unsubscribeIf(c *connection, remove func(*subscription) bool) {
	if !c.joined {
		return
	}
	for i := len(c.subscriptions) - 1; i >= 0; i-- {
		s := &c.subscriptions[i]
		if !remove(s) {
			continue
		}
		name := s.view.View
		h.unsubscribe(s)
		c.subscriptions = slices.Delete(c.subscriptions, i, i+1)
		c.uncompared = slices.DeleteFunc(c.uncompared, func(s Shown) bool { return s.View == name })
	}
}

// followed returns the views that the connection follows, without views that
// have ended.
func (c *connection) followed() []View {
	c.hub.mu.Lock()
	defer c.hub.mu.Unlock()
	var names []View
	for i := range c.subscriptions {
		if v := c.subscriptions[i].view; !v.removed {
			names = append(names, v.View)
		}
	}
	return names
}
