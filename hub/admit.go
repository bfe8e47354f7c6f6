package hub

import (
	"errors"
	"net/http"
	"net/netip"
	"strings"

	"golang.org/x/time/rate"
)

// admit decides whether a connection may join. An admitted connection is
// counted, a refused connection is counted in Stats.Refused and logged.
func (h *Hub) admit(c *connection, r *http.Request) (Page, *closeReason) {
	page, refused := h.checkHandshake(c, r)
	if refused != nil {
		h.stats.countRefusal(refused.reason)
		h.logRefused(c, r, refused)
	}
	return page, refused
}

func (h *Hub) checkHandshake(c *connection, r *http.Request) (Page, *closeReason) {
	if !h.originAllowed(r, c.transport) {
		return Page{}, &originRefused
	}
	if refused := h.checkAcceptRate(); refused != nil {
		return Page{}, refused
	}
	page, err := h.openPage(c, r)
	switch {
	case errors.Is(err, ErrExpired):
		return Page{}, &tokenExpired
	case errors.Is(err, ErrSession):
		return Page{}, &tokenOfOtherSession
	case err != nil:
		return Page{}, &tokenRefused
	case h.options.Views > 0 && len(page.Views) > h.options.Views:
		return Page{}, &viewsExceeded
	}
	c.scheduleRenewal(r, page.RenewAt)
	if c.encoding == protocolMessage && page.Conversation != nil {
		c.client = &client{conversation: page.Conversation} // beside the connection, because few connections have one
	}
	c.session, c.network = strings.Clone(page.Session), networkOf(r.RemoteAddr) // clones do not keep the whole token alive
	return page, h.countConnection(c)
}

// openPage returns the page that the connection shows at its start.
func (h *Hub) openPage(c *connection, r *http.Request) (Page, error) {
	if c.encoding == protocolMessage {
		return h.options.Protocol.Open(r)
	}
	return h.pages.Open(r, queryParameter(r, "page"))
}

// checkAcceptRate refuses a connection before any work is done for it, if
//   - the hub closes, or
//   - Options.AcceptsPerSecond is exceeded.
func (h *Hub) checkAcceptRate() *closeReason {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closing {
		return &hubRestarting
	}
	if h.counts.accepts != nil && !h.counts.accepts.Allow() {
		return &acceptsExceeded
	}
	return nil
}

// connectionCounts are the numbers behind the limits. Hub.mu guards them.
type connectionCounts struct {
	byTransport     [Poll + 1]int
	bySession       map[string]int
	byAddress       map[netip.Prefix]int
	accepts         *rate.Limiter              // nil: unlimited
	messageLimiters map[string]*messageLimiter // by session
}

func newConnectionCounts(acceptsPerSecond int) connectionCounts {
	c := connectionCounts{bySession: make(map[string]int), byAddress: make(map[netip.Prefix]int), messageLimiters: make(map[string]*messageLimiter)}
	if acceptsPerSecond > 0 {
		c.accepts = rate.NewLimiter(rate.Limit(acceptsPerSecond), acceptsPerSecond)
	}
	return c
}

// countConnection adds a connection to the counts, or returns the limit that is
// reached. Polls are exempt from the limits per session and per address, so
// that a page without room for a lasting connection can still be kept up to
// date.
func (h *Hub) countConnection(c *connection) *closeReason {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := &h.counts
	lasts := c.transport != Poll
	if most := h.options.PerSession; lasts && most > 0 && c.session != "" && n.bySession[c.session] >= most {
		return &sessionExceeded
	}
	if most := h.options.PerAddress; lasts && most > 0 && c.network.IsValid() && n.byAddress[c.network] >= most {
		return &addressExceeded
	}
	c.counted = true
	n.byTransport[c.transport]++
	if lasts && h.options.PerSession > 0 {
		n.bySession[c.session]++
	}
	if lasts && h.options.PerAddress > 0 {
		n.byAddress[c.network]++
	}
	return nil
}

// uncount reverts countConnection.
func (n *connectionCounts) uncount(c *connection) {
	if !c.counted {
		return
	}
	c.counted = false
	n.byTransport[c.transport]--
	if c.transport == Poll {
		return
	}
	if n.bySession[c.session]--; n.bySession[c.session] <= 0 {
		delete(n.bySession, c.session)
	}
	if n.byAddress[c.network]--; n.byAddress[c.network] <= 0 {
		delete(n.byAddress, c.network)
	}
}

// networkOf returns the key of the limit per address: an IPv4 address, or the
// /64 network that an IPv6 subscriber is given.
func networkOf(remote string) netip.Prefix {
	ap, err := netip.ParseAddrPort(remote)
	if err != nil {
		return netip.Prefix{}
	}
	addr := ap.Addr().Unmap().WithZone("")
	bits := 32
	if addr.Is6() {
		bits = 64
	}
	p, _ := addr.Prefix(bits)
	return p
}
