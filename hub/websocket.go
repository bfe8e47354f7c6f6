package hub

import (
	"context"
	"io"
	"net/http"

	"github.com/coder/websocket"
)

// serveWebSocket accepts before it refuses: clients come back for ever after
// an HTTP error, and stop after the close code 1008.
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

// flushHandshake writes to a connection that has just joined, without waiting for a
// round of the flusher: the client waits for the answer to its handshake.
func (h *Hub) flushHandshake(c *connection) {
	w := h.handshakeWorkers.Get().(*worker)
	c.flush(w)
	w.reportStats()
	h.handshakeWorkers.Put(w)
}

// readMessages hands on what the client sends until the connection ends. It is the
// one goroutine of a WebSocket, and stays shallow: its stack is most of what
// an idle connection costs.
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

// disconnect takes the connection out of the hub and closes the socket. Where
// the hub has just written a close frame, unread input would have the kernel
// reset the connection before the client sees that frame: so it is read.
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

// Limits of a message from a client, in bytes.
const (
	maxHTMLMessage = 4 << 10
	maxJSONMessage = 64 << 10
)

// maxUnread is how much a client may send behind what ended the connection,
// in bytes, and still be sure to see the close frame.
const maxUnread = 1 << 20

// outdatedNotice tells the person at a page that its client cannot load again by
// itself: stock clients keep the address of their connection for ever.
var outdatedNotice = textFrame([]byte(`<div id="live-message" hx-swap-oob="innerHTML">` +
	`This page is out of date. <a href="">Load the page again</a></div>`))

// subprotocols are what the hub can speak besides HTML.
func (h *Hub) subprotocols() []string {
	if h.options.Protocol == nil {
		return nil
	}
	return []string{"json"}
}
