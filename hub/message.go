package hub

import (
	"fmt"
	"html"

	"github.com/coder/websocket"
)

// ping is a message of a client that wants to know whether its connection is
// alive, since scripts do not see the pings of the protocol. It is answered with
// pong, which no client takes for a fragment.
const (
	ping = "ping"
	pong = "pong"
)

// handle takes a text message. A client that sends too many is told so, and
// is not wanted back.
func (c *connection) handle(b []byte) {
	switch {
	case !c.mayReceive():
		if c.form == message {
			c.say(textFrame(c.hub.options.Protocol.Refuse(ReasonRate)))
		} else {
			c.tell(ReasonRate)
		}
		c.end(websocket.StatusPolicyViolation, "too many messages")
	case c.form == message:
		c.converse(b)
	case string(b) == ping:
		c.say(textFrame([]byte(pong)))
	default:
		c.act(b)
	}
}

// tell shows a text to the person at an HTML client, in the element with the
// id live-message.
func (c *connection) tell(text string) {
	c.say(textFrame(fmt.Appendf(nil,
		`<div id="live-message" role="alert" hx-swap-oob="true">%s</div>`, html.EscapeString(text))))
}
