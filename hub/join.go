package hub

import (
	"math/rand/v2"
	"net/http"
)

// join registers the connection for the views of its page. The page is compared
// with the current renderings in a later flush, so that no change is lost in
// between. For a page of another epoch only the dates count. A closed hub
// refuses the connection: join returns false.
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
	c.markAlive() // as of the tick from which pingAndReap visits it
	c.joined = true
	c.wheelSlot = uint8(rand.IntN(wheelSlots))
	if h.timerWheel[c.wheelSlot] == nil {
		h.timerWheel[c.wheelSlot] = make(map[*connection]struct{})
	}
	h.timerWheel[c.wheelSlot][c] = struct{}{}
	h.joinedCount++
	c.uncompared = page.Views
	h.subscribe(c, page.Views)
	h.reloadIfOlder(c, page)
	if h.closing {
		c.closeWith(hubRestarting.code, hubRestarting.reason)
	}
	return true
}

// leave removes the connection from the hub. Later calls do nothing.
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

// newConnection returns a connection without views.
func (h *Hub) newConnection(r *http.Request, t Transport, e encoding) *connection {
	c := &connection{hub: h, transport: t, encoding: e}
	if h.options.Actions != nil && t == WebSocket && e != protocolMessage {
		c.client = newClient(r, h.cookieNames())
	}
	return c
}

// cookieNames returns the names of the cookies that a connection keeps for its actions;
// none: all.
func (h *Hub) cookieNames() []string {
	if p, ok := h.pages.(cookieSource); ok && h.options.Cookies == nil {
		return p.CookieNames()
	}
	return h.options.Cookies
}
