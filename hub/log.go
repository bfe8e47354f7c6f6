package hub

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/coder/websocket"
)

// logRefused tells the operator of a connection that was not let in. A handshake
// of a WebSocket is answered 101 all the same, because clients come back for ever
// after an HTTP error.
func (h *Hub) logRefused(c *connection, r *http.Request, refused *closeReason) {
	h.options.Logger.LogAttrs(r.Context(), slog.LevelInfo, "live connection refused",
		slog.String("transport", c.transport.String()), slog.Int("code", int(refused.code)), slog.String("reason", refused.reason),
		addressAttr(networkOf(r.RemoteAddr)), slog.String("id", r.Header.Get("X-Request-Id")))
}

// addressAttr is the address of a client, or its IPv6 network; empty if it has
// none.
func addressAttr(network netip.Prefix) slog.Attr {
	if !network.IsValid() {
		return slog.Attr{}
	}
	if network.IsSingleIP() {
		return slog.String("address", network.Addr().String())
	}
	return slog.String("address", network.String())
}

// wasAdmitted reports whether a connection was let in.
func (h *Hub) wasAdmitted(c *connection) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return c.counted
}

// openRecord is what the log says of a connection's beginning when that ends.
type openRecord struct {
	id string        // of the request
	at time.Duration // since Hub.startedAt
}

func (h *Hub) newOpenRecord(r *http.Request) openRecord {
	return openRecord{strings.Clone(r.Header.Get("X-Request-Id")), time.Since(h.startedAt)} // not the whole header
}

// logEnd tells the operator how a connection ended that was let in, and how long
// it was open: with the code and reason of the hub, or else of the client. Err is
// the error that the client's leaving was noticed by.
func (c *connection) logEnd(o openRecord, err error) {
	ctx := context.Background()
	if !c.hub.options.Logger.Enabled(ctx, slog.LevelInfo) || !c.hub.wasAdmitted(c) {
		return
	}
	code, reason := websocket.StatusAbnormalClosure, "connection lost"
	var closed websocket.CloseError
	switch g := c.closeReason.Load(); {
	case g != nil:
		code, reason = g.code, g.reason
	case errors.As(err, &closed):
		code, reason = closed.Code, closed.Reason
	case c.transport == Events && err != nil:
		code, reason = websocket.StatusGoingAway, "" // its client closed it: event streams have no code
	}
	c.hub.options.Logger.LogAttrs(ctx, slog.LevelInfo, "live connection ended",
		slog.String("transport", c.transport.String()), slog.Int("code", int(code)), slog.String("reason", reason),
		addressAttr(c.network), slog.String("id", o.id),
		slog.Float64("duration_seconds", (time.Since(c.hub.startedAt)-o.at).Round(time.Microsecond).Seconds()))
}
