package hub

import (
	"fmt"
	"html"
	"unicode/utf8"

	"github.com/coder/websocket"
)

// handleMessage takes a message from a client.
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

// handleText takes a text message. A client that sends too many is told so, and
// is not wanted back.
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

// pingText is a message of a client that wants to know whether its connection is
// alive, since scripts do not see the pings of the protocol. It is answered with
// pong, which no client takes for a fragment.
const (
	pingText = "ping"
	pongText = "pong"
)

// handleJSON does what the protocol makes of a message.
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
