package hub

import (
	"errors"
	"os"

	"github.com/coder/websocket"
)

// drain writes the rest of what a slow client did not take, and passes the
// turn that the caller holds. A client that does not take it within
// Options.Stall is told to come back later: it shows nothing any more, and
// has as long again to read up to the close frame.
func (c *connection) drain(rest []byte) {
	n, err := c.conn.writeAll(rest)
	if c.transport == WebSocket && errors.Is(err, os.ErrDeadlineExceeded) {
		c.hub.stats.stalled.Add(1)
		c.hub.leave(c)
		rest = rest[n:]
		if !c.closeAfterWrite {
			c.closeAfterWrite = true
			rest = appendClose(rest, websocket.StatusTryAgainLater, "too slow")
		}
		_, err = c.conn.writeAll(rest)
	}
	c.finishWrite(err)
}
