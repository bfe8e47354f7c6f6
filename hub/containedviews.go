package hub

import "slices"

// innerViews are the views within a view's rendering that a connection has.
type containedViews struct {
	container *view
	views     []Shown // shared with the rendering, and immutable
}

// setContained records the views within the rendering of v that the connection
// has, and returns the views within the replaced rendering. The caller holds
// writeMu.
func (c *connection) setContained(v *view, views []Shown) (before []Shown) {
	i := slices.IndexFunc(c.contained, func(other containedViews) bool { return other.container == v })
	switch {
	case i >= 0 && len(views) > 0:
		before, c.contained[i].views = c.contained[i].views, views
	case i >= 0:
		before = c.contained[i].views
		c.contained = slices.Delete(c.contained, i, i+1)
	case len(views) > 0:
		c.contained = append(c.contained, containedViews{v, views})
	}
	return before
}

// containsView reports whether a view is within a rendering that the connection
// has. The caller holds writeMu.
func (c *connection) containsView(name View) bool {
	return slices.ContainsFunc(c.contained, func(other containedViews) bool {
		return slices.ContainsFunc(other.views, func(s Shown) bool { return s.View == name })
	})
}

// subscribeContained subscribes a connection to the views within the renderings
// being sent, up to Options.Views, and unsubscribes the views found only in the
// replaced renderings. The caller holds writeMu.
func (h *Hub) subscribeContained(c *connection, views, replaced []Shown) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !c.joined || c.encoding == protocolMessage {
		return
	}
	h.unsubscribeContained(c, replaced)
	for _, s := range views {
		if most := h.options.Views; c.subscriptionTo(s.View) != nil || most > 0 && len(c.subscriptions) >= most {
			continue
		}
		c.uncompared = append(c.uncompared, s)
		h.subscribe(c, []Shown{s})
		h.flusher.mark(c)
	}
}

// unsubscribeContained unsubscribes views of replaced renderings, and the views
// within their own renderings, unless another rendering of the connection
// contains them. The caller holds Hub.mu and writeMu.
func (h *Hub) unsubscribeContained(c *connection, views []Shown) {
	for _, s := range views {
		i := slices.IndexFunc(c.subscriptions, func(other subscription) bool { return other.view.View == s.View })
		if i < 0 || c.containsView(s.View) {
			continue
		}
		within := c.setContained(c.subscriptions[i].view, nil)
		h.unsubscribe(&c.subscriptions[i])
		c.subscriptions = slices.Delete(c.subscriptions, i, i+1)
		c.uncompared = slices.DeleteFunc(c.uncompared, func(other Shown) bool { return other.View == s.View })
		h.unsubscribeContained(c, within)
	}
}
