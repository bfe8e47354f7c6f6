package hub

import (
	"math/rand/v2"
	"net/http"
)

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

// newConnection returns a connection that shows nothing yet.
func (h *Hub) newConnection(r *http.Request, t Transport, e encoding) *connection {
	c := &connection{hub: h, transport: t, encoding: e}
	if h.options.Actions != nil && t == WebSocket && e != protocolMessage {
		c.client = newClient(r, h.options.Cookies)
	}
	return c
}
