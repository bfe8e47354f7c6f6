package hub

import (
	"math/rand/v2"
	"net/http"
	"slices"
)

// newConnection returns a connection that shows nothing yet.
func (h *Hub) newConnection(r *http.Request, t Transport, f form) *connection {
	c := &connection{hub: h, transport: t, form: f}
	if h.options.Actions != nil && t == WebSocket && f != message {
		c.client = newClient(r, h.options.Cookies)
	}
	return c
}

// join registers the connection for the views of its page. What the page shows
// is compared when it is flushed afterwards, so that no change falls between
// the two. Of a page that was rendered in another
// epoch only the dates count. A closed hub takes nobody: it says no.
func (h *Hub) join(c *connection, page Page) bool {
	if page.Epoch != h.options.Epoch {
		for i := range page.Views {
			page.Views[i].ofAnotherEpoch()
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	c.alive() // as of the beat from which the heart sees it
	c.joined = true
	c.slot = uint8(rand.IntN(beats))
	if h.wheel[c.slot] == nil {
		h.wheel[c.slot] = make(map[*connection]struct{})
	}
	h.wheel[c.slot][c] = struct{}{}
	h.open++
	c.rendered = page.Views
	h.show(c, page.Views)
	if h.closing {
		c.closeWith(hubRestarting.code, hubRestarting.reason)
	}
	return true
}

// show adds views to what a connection shows. Hub.mu is held, and the turn
// of a connection that has joined.
func (h *Hub) show(c *connection, views []Shown) {
	c.shows = slices.Grow(slices.Clip(c.shows), len(views))
	for _, s := range views {
		if c.showing(s.View) != nil {
			continue
		}
		v := h.view(s.View)
		c.shows = append(c.shows, shown{view: v, index: int32(len(v.connections))})
		v.connections = append(v.connections, c)
		h.compare(v, s)
	}
	c.pendingInvalidations.Store(&span{0, h.number})
}

// hide takes a connection from a view that it shows. A view that nobody shows
// any more is forgotten. Hub.mu is held.
func (h *Hub) hide(s *shown) {
	v := s.view
	last := len(v.connections) - 1
	moved := v.connections[last]
	v.connections[s.index] = moved
	moved.showing(v.View).index = s.index
	v.connections[last] = nil
	v.connections = v.connections[:last]
	if last == 0 {
		h.forget(v)
	}
}

// leave takes the connection out of the hub. Calls after the first do
// nothing.
func (h *Hub) leave(c *connection) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.counts.remove(c)
	if !c.joined {
		return
	}
	c.joined = false
	delete(h.wheel[c.slot], c)
	for i := range c.shows {
		h.hide(&c.shows[i])
	}
	h.open--
	h.closeWhenEmpty()
}
