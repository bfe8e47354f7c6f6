package hub

import "slices"

// contents are the views within the rendering of a view that a connection has.
type contents struct {
	of    *view
	views []Shown // shared with the rendering, and not changed
}

// setContents notes the views within the rendering of v that the connection has,
// and returns those within the rendering before it. The turn is held.
func (c *connection) setContents(v *view, views []Shown) (before []Shown) {
	i := slices.IndexFunc(c.contents, func(other contents) bool { return other.of == v })
	switch {
	case i >= 0 && len(views) > 0:
		before, c.contents[i].views = c.contents[i].views, views
	case i >= 0:
		before = c.contents[i].views
		c.contents = slices.Delete(c.contents, i, i+1)
	case len(views) > 0:
		c.contents = append(c.contents, contents{v, views})
	}
	return before
}

// contains reports whether a rendering that the connection has contains a view.
// The turn is held.
func (c *connection) contains(name View) bool {
	return slices.ContainsFunc(c.contents, func(other contents) bool {
		return slices.ContainsFunc(other.views, func(s Shown) bool { return s.View == name })
	})
}

// follow has a connection show the views within the renderings that it is being
// sent, as far as there is room, and hides those that only the replaced
// renderings contained. The turn is held.
func (h *Hub) follow(c *connection, views, replaced []Shown) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !c.joined || c.form == message {
		return
	}
	h.unfollow(c, replaced)
	for _, s := range views {
		if most := h.options.Views; c.showing(s.View) != nil || most > 0 && len(c.shows) >= most {
			continue
		}
		c.rendered = append(c.rendered, s)
		h.show(c, []Shown{s})
		h.flusher.mark(c)
	}
}

// unfollow hides views that were within a rendering of before, and the views
// within their renderings, unless the connection has them within another one.
// Hub.mu and the turn are held.
func (h *Hub) unfollow(c *connection, views []Shown) {
	for _, s := range views {
		i := slices.IndexFunc(c.shows, func(other shown) bool { return other.view.View == s.View })
		if i < 0 || c.contains(s.View) {
			continue
		}
		within := c.setContents(c.shows[i].view, nil)
		h.hide(&c.shows[i])
		c.shows = slices.Delete(c.shows, i, i+1)
		c.rendered = slices.DeleteFunc(c.rendered, func(other Shown) bool { return other.View == s.View })
		h.unfollow(c, within)
	}
}
