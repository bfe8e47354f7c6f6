package hub

import (
	"fmt"
	"html"
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
// Reply, and queues the reply's message.
func (c *connection) handleJSON(b []byte) {
	reply := c.hub.options.Protocol.Receive(c.session, b)
	if !c.hub.subscribeMore(c, reply.Show) {
		reply.Message = c.hub.options.Protocol.Refuse(ReasonViews)
	}
	if len(reply.Message) > 0 {
		c.queueFrame(textFrame(reply.Message))
	}
}

// alert shows a text to the person at an HTML client, in the element with the
// id live-message.
func (c *connection) alert(text string) {
	c.queueFrame(textFrame(fmt.Appendf(nil,
		`<div id="live-message" role="alert" hx-swap-oob="true">%s</div>`, html.EscapeString(text))))
}
