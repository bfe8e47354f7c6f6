package hub

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// renewalMessage returns the message with a new token for the page, in the
// format of the transport; nil if the token is not due. The caller holds
// writeMu.
func (c *connection) renewalMessage(now time.Time) []byte {
	if c.renewAt == 0 || now.Unix() < c.renewAt {
		return nil
	}
	c.renewAt = 0
	var token string
	var next time.Time
	failed := c.hub.callRecovering("renew", func() { token, next = c.hub.pages.Renew(c.currentPage(now)) })
	if failed != nil || token == "" {
		return nil
	}
	if !next.IsZero() {
		c.renewAt = next.Unix()
	}
	// Only the query of the address is sent, because a proxy may have changed
	// the path.
	html := fmt.Appendf(nil, `<div id="%s" ws-connect="?page=%s" hx-swap-oob="true"></div>`, connectID, url.QueryEscape(token))
	return c.transport.message(html)
}

// currentPage returns the views as the page shows them. The caller holds
// writeMu.
func (c *connection) currentPage(now time.Time) Page {
	p := Page{Session: c.session, Epoch: c.hub.options.Epoch}
	for i := range c.subscriptions {
		name := c.subscriptions[i].view.View
		s := Shown{View: name}
		if at := slices.IndexFunc(c.uncompared, func(s Shown) bool { return s.View == name }); at >= 0 {
			s = c.uncompared[at]
		} else if r := c.subscriptions[i].view.current.Load(); r != nil && r.changeNumber == c.subscriptions[i].sentChange {
			s = Shown{View: name, ETag: r.ETag, Revision: r.Revision, Epoch: r.Epoch, Date: now}
		}
		p.Views = append(p.Views, s)
	}
	return p
}

// scheduleRenewal sets the time at which the page is due a new token: never,
// unless its client accepts tokens.
func (c *connection) scheduleRenewal(r *http.Request, at time.Time) {
	if c.encoding != protocolMessage && !at.IsZero() && acceptsRenewal(r) {
		c.renewAt = at.Unix()
	}
}

// acceptsRenewal reports whether the client accepts new tokens, and reloads a
// page whose token has expired.
func acceptsRenewal(r *http.Request) bool { return queryParameter(r, "renew") == "true" }
