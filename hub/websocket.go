package hub

import (
	"context"
	"io"
	"net/http"

	"github.com/coder/websocket"
)

// serveWebSocket accepts a handshake before refusing the connection, because
// clients reconnect for ever after an HTTP error, and stop after close code
// 1008.
func (h *Hub) serveWebSocket(w http.ResponseWriter, r *http.Request, e encoding) {
	c := h.newConnection(r, WebSocket, e)
	page, refused := h.admit(c, r)
	s := &socket{connection: c, openRecord: h.newOpenRecord(r)}
	c.conn = s
	ws, err := websocket.Accept(hijacker{w, s}, r, &websocket.AcceptOptions{
		Subprotocols:       h.subprotocols(),
		InsecureSkipVerify: true, // admit has checked the origin
		OnPingReceived:     func(context.Context, []byte) bool { c.markAlive(); return true },
		OnPongReceived:     func(context.Context, []byte) { c.markAlive() },
	})
	if err != nil {
		h.leave(c)
		return
	}
	s.ws = ws
	if refused != nil {
		page = Page{}
		if refused.code == statusOutdated && e != protocolMessage && !acceptsRenewal(r) {
			c.replies = append(c.replies, outdatedNotice...)
		}
		c.closeWith(refused.code, refused.reason)
	}
	if h.join(c, page) {
		h.flushHandshake(c)
	} else {
		s.closeNow()
	}
	h.goroutines.Go(c.readMessages)
}

// flushHandshake writes to a connection that has just joined, without waiting
// for a round of the flusher, because the client waits for the handshake
// response.
func (h *Hub) flushHandshake(c *connection) {
	w := h.handshakeWorkers.Get().(*worker)
	c.flush(w)
	w.reportStats()
	h.handshakeWorkers.Put(w)
}

// readMessages handles the client's messages until the connection ends. It is
// the only goroutine of a WebSocket. It stays shallow, because its stack is the
// largest part of an idle connection's memory.
func (c *connection) readMessages() {
	s := c.conn.(*socket)
	defer c.disconnect(s)
	limit := int64(maxHTMLMessage)
	if c.encoding == protocolMessage {
		limit = maxJSONMessage
	}
	s.ws.SetReadLimit(limit)
	for {
		kind, r, err := s.ws.Reader(context.Background())
		if err != nil {
			c.logEnd(s.openRecord, err)
			return
		}
		b, err := io.ReadAll(r)
		if err != nil {
			c.logEnd(s.openRecord, err)
			return
		}
		c.markAlive()
		if c.hub.callRecovering("message", func() { c.handleMessage(kind, b) }) != nil {
			c.closeAfterPanic()
		}
	}
}

// disconnect removes the connection from the hub and closes the socket. After a
// close frame of the hub it first reads the client's input, because with unread
// input the kernel would reset the connection before the client sees the close
// frame.
func (c *connection) disconnect(s *socket) {
	c.hub.leave(c)
	c.hub.releaseLimiter(c)
	c.writeMu.Lock()
	linger := c.writeClosed
	c.writeClosed = true
	c.writeMu.Unlock()
	if linger {
		s.closeWrite()
		_, _ = io.Copy(io.Discard, io.LimitReader(s.Conn, maxUnread))
	}
	_ = s.ws.CloseNow()
}

// Size limits of a client's message, in bytes.
const (
	maxHTMLMessage = 4 << 10
	maxJSONMessage = 64 << 10
)

// maxUnread is the amount of input, in bytes, behind the message that ended the
// connection, up to which the client is sure to see the close frame.
const maxUnread = 1 << 20

// outdatedNotice tells the person at a page to reload it, because stock clients
// keep the address of their connection for ever.
var outdatedNotice = textFrame([]byte(`<div id="live-message" hx-swap-oob="innerHTML">` +
	`This page is out of date. <a href="">Load the page again</a></div>`))

// subprotocols returns the subprotocols that the hub offers besides HTML.
func (h *Hub) subprotocols() []string {
	if h.options.Protocol == nil {
		return nil
	}
	return []string{"json"}
}
