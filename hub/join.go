package hub

import (
	"math/rand/v2"
	"net/http"
	"slices"
)

// newConnection returns a connection that shows nothing yet.
func (h *Hub) newConnection(r *http.Request, t Transport, e encoding) *connection {
	c := &connection{hub: h, transport: t, encoding: e}
	if h.options.Actions != nil && t == WebSocket && e != protocolMessage {
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
			page.Views[i].clearRevision()
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	c.markAlive() // as of the beat from which the heart sees it
	c.joined = true
	c.wheelSlot = uint8(rand.IntN(wheelSlots))
	if h.timerWheel[c.wheelSlot] == nil {
		h.timerWheel[c.wheelSlot] = make(map[*connection]struct{})
	}
	h.timerWheel[c.wheelSlot][c] = struct{}{}
	h.joinedCount++
	c.uncompared = page.Views
	h.subscribe(c, page.Views)
	if h.closing {
		c.closeWith(hubRestarting.code, hubRestarting.reason)
	}
	return true
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

// leave takes the connection out of the hub. Calls after the first do
// nothing.
func (h *Hub) leave(c *connection) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.counts.uncount(c)
	if !c.joined {
		return
	}
	c.joined = false
	delete(h.timerWheel[c.wheelSlot], c)
	for i := range c.subscriptions {
		h.unsubscribe(&c.subscriptions[i])
	}
	h.joinedCount--
	h.closeWhenEmpty()
}
