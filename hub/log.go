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

// logRefused logs a refused connection. The HTTP status of a WebSocket
// handshake is 101 all the same, because clients reconnect for ever after an
// HTTP error.
func (h *Hub) logRefused(c *connection, r *http.Request, refused *closeReason) {
	h.options.Logger.LogAttrs(r.Context(), slog.LevelInfo, "live connection refused",
		slog.String("transport", c.transport.String()), slog.Int("code", int(refused.code)), slog.String("reason", refused.reason),
		addressAttr(networkOf(r.RemoteAddr)), slog.String("id", r.Header.Get("X-Request-Id")))
}

// addressAttr returns the address of a client, or its IPv6 network. It is empty
// for an unknown address.
func addressAttr(network netip.Prefix) slog.Attr {
	if !network.IsValid() {
		return slog.Attr{}
	}
	if network.IsSingleIP() {
		return slog.String("address", network.Addr().String())
	}
	return slog.String("address", network.String())
}

// wasAdmitted reports whether a connection was admitted.
func (h *Hub) wasAdmitted(c *connection) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return c.counted
}

// openRecord is the part of a connection's last log record that is known at its
// beginning.
type openRecord struct {
	id string        // of the request
	at time.Duration // since Hub.startedAt
}

func (h *Hub) newOpenRecord(r *http.Request) openRecord {
	return openRecord{strings.Clone(r.Header.Get("X-Request-Id")), time.Since(h.startedAt)} // the clone does not keep the whole header alive
}

// logEnd logs the end of an admitted connection and its duration: with the code
// and reason of the hub, or else of the client. Err is the error that ended the
// reading.
func (c *connection) logEnd(o openRecord, err error) {
	ctx := context.Background()
	if !c.hub.options.Logger.Enabled(ctx, slog.LevelInfo) || !c.hub.wasAdmitted(c) {
		return
	}
	code, reason := websocket.StatusAbnormalClosure, "connection lost"
	var closed websocket.CloseError
	switch r := c.closeReason.Load(); {
	case r != nil:
		code, reason = r.code, r.reason
	case errors.As(err, &closed):
		code, reason = closed.Code, closed.Reason
	case c.transport == Events && err != nil:
		code, reason = websocket.StatusGoingAway, "" // closed by its client: event streams have no code
	}
	c.hub.options.Logger.LogAttrs(ctx, slog.LevelInfo, "live connection ended",
		slog.String("transport", c.transport.String()), slog.Int("code", int(code)), slog.String("reason", reason),
		addressAttr(c.network), slog.String("id", o.id),
		slog.Float64("duration_seconds", (time.Since(c.hub.startedAt)-o.at).Round(time.Microsecond).Seconds()))
}
