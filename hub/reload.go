package hub

import "time"

// reloadMessage replaces nothing: the swap style none leaves the connected element as it
// is, so that htmx ignores the message.
const reloadMessage = `<div id="` + connectID + `" data-reload hx-swap-oob="none"></div>`

// Reload has all open pages of this process load themselves again, for example because a
// template has changed while a site is developed. Each page is sent
//
//	<div id="live" data-reload hx-swap-oob="none"></div>
//
// on which selvedge.js loads the page again, as the reload button of a browser does. Stock
// htmx does nothing, and JSON clients are not sent the message.
//
// A page that was rendered before and connects afterwards, such as a page that polls, is
// sent the message too, if Page.Date is known. Reload does not wait for the pages. It is safe
// for concurrent use.
func (h *Hub) Reload() {
	h.mu.Lock()
	h.reloadedAt = time.Now()
	h.mu.Unlock()
	var pages []*connection
	for _, c := range h.allConnections() {
		if c.encoding != protocolMessage {
			c.reloadDue.Store(true)
			pages = append(pages, c)
		}
	}
	h.flusher.mark(pages...)
}

// reloadIfOlder has a page load itself again that was rendered before the last call of
// Reload. The caller holds Hub.mu.
func (h *Hub) reloadIfOlder(c *connection, page Page) {
	if !page.Date.IsZero() && page.Date.Before(h.reloadedAt) && c.encoding != protocolMessage {
		c.reloadDue.Store(true)
	}
}
