package hub

import "slices"

// containedViews are the views within the rendering of a view that a connection has.
type containedViews struct {
	container *view
	views     []Shown // shared with the rendering, and not changed
}

// setContained notes the views within the rendering of v that the connection has,
// and returns those within the rendering before it. The turn is held.
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

// containsView reports whether a rendering that the connection has contains a view.
// The turn is held.
func (c *connection) containsView(name View) bool {
	return slices.ContainsFunc(c.contained, func(other containedViews) bool {
		return slices.ContainsFunc(other.views, func(s Shown) bool { return s.View == name })
	})
}

// subscribeContained has a connection show the views within the renderings that it is being
// sent, as far as there is room, and hides those that only the replaced
// renderings contained. The turn is held.
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

// unsubscribeContained hides views that were within a rendering of before, and the views
// within their renderings, unless the connection has them within another one.
// Hub.mu and the turn are held.
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
