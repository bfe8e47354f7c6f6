package hub

import (
	"context"
	"fmt"
	"html"
	"time"
	"unicode/utf8"

	"github.com/coder/websocket"
)

// handleMessage validates and handles a message from a client. A closing
// connection ignores messages.
func (c *connection) handleMessage(kind websocket.MessageType, b []byte) {
	switch {
	case c.closeReason.Load() != nil:
	case kind != websocket.MessageText:
		c.closeWith(websocket.StatusUnsupportedData, "text only")
	case !utf8.Valid(b):
		c.closeWith(websocket.StatusInvalidFramePayloadData, "invalid UTF-8")
	default:
		c.handleText(b)
	}
}

// handleText handles a text message. A client over the message limit is sent an
// alert and closed with 1008, so that stock clients stay away.
func (c *connection) handleText(b []byte) {
	switch {
	case !c.allowMessage():
		if c.encoding == protocolMessage {
			c.queueFrame(textFrame(c.hub.options.Protocol.Refuse(ReasonRate)))
		} else {
			c.alert(ReasonRate)
		}
		c.closeWith(websocket.StatusPolicyViolation, "too many messages")
	case c.encoding == protocolMessage:
		c.handleJSON(b)
	case string(b) == pingText:
		c.queueFrame(textFrame([]byte(pongText)))
	default:
		c.runAction(b)
	}
}

// pingText is a message with which scripts test their connection, because
// scripts do not see the pings of the protocol. The hub replies pongText, which
// clients do not take for a fragment.
const (
	pingText = "ping"
	pongText = "pong"
)

// handleJSON hands a message to the Protocol, subscribes to the views of its
// Reply, and queues the reply's messages.
func (c *connection) handleJSON(b []byte) {
	reply := c.receive(b)
	if !c.hub.applyReply(c, reply) {
		reply.Message = c.hub.options.Protocol.Refuse(ReasonViews)
	}
	var frames []byte
	if len(reply.Message) > 0 {
		frames = textFrame(reply.Message)
	}
	for _, message := range reply.Messages {
		frames = append(frames, textFrame(message)...)
	}
	if len(frames) > 0 {
		c.queueFrame(frames)
	}
}

// receive has a message interpreted by the Conversation of the connection, or
// else by the Protocol.
func (c *connection) receive(b []byte) Reply {
	if c.client == nil {
		return c.hub.options.Protocol.Receive(c.session, b)
	}
	ctx, cancel := context.WithTimeout(c.hub.ctx, c.hub.receiveTimeout())
	defer cancel()
	return c.client.conversation.Receive(ctx, b, c.followed())
}

// receiveTimeout bounds a call of Conversation.Receive. During the call no pong
// is read, and a connection without a pong for Options.Pong is dropped.
func (h *Hub) receiveTimeout() time.Duration {
	if h.options.Ping < 0 {
		return h.options.Timeout
	}
	return min(h.options.Timeout, h.options.Pong/2)
}

// alert shows a text to the person at an HTML client, in the element with the
// id live-message.
func (c *connection) alert(text string) {
	c.queueFrame(textFrame(fmt.Appendf(nil,
		`<div id="live-message" role="alert" hx-swap-oob="true">%s</div>`, html.EscapeString(text))))
}
