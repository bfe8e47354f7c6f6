package hub

import (
	"math/rand/v2"
	"net/http"
)

// newConnection returns a connection that shows nothing yet.
func (h *Hub) newConnection(r *http.Request, t Transport, f form) *connection {
	c := &connection{hub: h, transport: t, form: f}
	if h.options.Actions != nil && t == WebSocket && f != message {
		c.client = newClient(r)
	}
	return c
}

// join registers the connection for the views of its page, and has it
// flushed: what the page shows is compared then, after the registration, so
// that no change falls between the two. A page that was rendered in another
// epoch is taken to show nothing. A closed hub takes nobody: it says no.
func (h *Hub) join(c *connection, page Page) bool {
	if page.Epoch != h.options.Epoch {
		for i := range page.Views {
			page.Views[i].ETag, page.Views[i].Revision = "", 0
		}
	}
	c.alive()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	c.joined = true
	c.slot = rand.IntN(beats)
	if h.wheel[c.slot] == nil {
		h.wheel[c.slot] = make(map[*connection]struct{})
	}
	h.wheel[c.slot][c] = struct{}{}
	h.open++
	h.show(c, page.Views)
	if h.closing {
		c.end(goodbyeRestart.code, goodbyeRestart.reason)
	}
	h.flusher.mark(c)
	return true
}

// show adds views to what a connection shows. Hub.mu is held, and the turn
// of a connection that has joined.
func (h *Hub) show(c *connection, views []Shown) {
	shows := make([]shown, len(c.shows), len(c.shows)+len(views))
	copy(shows, c.shows)
	for _, s := range views {
		v := h.view(s.View)
		if _, twice := v.connections[c]; twice {
			continue
		}
		v.connections[c] = struct{}{}
		shows = append(shows, shown{v, s.ETag, s.Revision})
		if r := v.current.Load(); r != nil && r.Revision < s.Revision && v.stale.Load() == nil {
			h.touch(v, h.number) // the page knows better
		}
	}
	c.shows = shows
	c.reflects.Store(&span{0, h.number})
}

// leave takes the connection out of the hub; views that nobody shows any
// more are forgotten. Calls after the first do nothing.
func (h *Hub) leave(c *connection) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.counts.remove(c)
	if !c.joined {
		return
	}
	c.joined = false
	delete(h.wheel[c.slot], c)
	for _, s := range c.shows {
		delete(s.view.connections, c)
		if len(s.view.connections) == 0 {
			h.forget(s.view)
		}
	}
	h.open--
	h.checkEmpty()
}
