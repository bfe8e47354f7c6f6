package hub

import (
	"errors"
	"net/netip"
	"os"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/coder/websocket"
)

// A connection is one open page, over whatever transport. What it is behind
// with is not a queue of messages but the difference between what it shows
// and what its views are; that is all a slow reader costs.
type connection struct {
	// What a flush looks at comes first, for the sake of caches.
	pendingInvalidations atomic.Pointer[invalidationRange] // the invalidations that the next flush answers; nil: none
	closeReason          atomic.Pointer[closeReason]       // how it is to end; nil: not yet
	queued               atomic.Bool                       // waits for a worker
	awaitsView           atomic.Bool                       // waits for one of its views
	reflush              atomic.Bool                       // somebody wanted the turn meanwhile
	pingDue              atomic.Bool                       // is to be asked for a sign of life
	writeMu              sync.Mutex                        // held by whoever writes; guards the next eight
	renewAt              int64                             // when the page is to be sent a new token, in Unix seconds; 0: never
	subscriptions        []subscription
	uncompared           []Shown          // its page, as far as that was not compared yet
	contained            []containedViews // within what it has been sent, or has shown from the start
	replies              []byte           // frames for this connection alone, or else
	handshakePending     bool             // the answer to its handshake, which precedes everything
	closeAfterWrite      bool             // what is being written is the last
	writeClosed          bool             // nothing is written any more

	transport      Transport
	encoding       encoding
	hub            *Hub
	conn           conn
	lastHeard      atomic.Int64 // the beat of the last sign of life
	client         *client      // for its actions; nil: it has none
	session        string
	network        netip.Prefix
	counted        bool            // towards the limits; Hub.mu guards it and the next two
	joined         bool            // is in Hub.timerWheel
	wheelSlot      uint8           // there
	messageLimiter *messageLimiter // of the reader only; nil: it has received nothing
}

// compareWithPage says whether the page showed the view like r when it was rendered,
// or in a way that may be later than r: then the view is fetched again, unless
// that was done and brought an older revision, since other processes may be
// ahead. What the page showed is remembered until r is not older. The turn is
// held; isNew says that the page showed nothing of the view.
func (c *connection) compareWithPage(v *view, r *rendered) (same, maybeLater, isNew bool) {
	i := slices.IndexFunc(c.uncompared, func(s Shown) bool { return s.View == v.View })
	if i < 0 {
		return false, false, false
	}
	s := c.uncompared[i]
	if r.mayPrecede(s) {
		if r.mayDateBefore(s.Date) {
			c.hub.mu.Lock()
			defer c.hub.mu.Unlock()
			c.hub.refetchIfNewer(v, s)
		}
		return false, true, false
	}
	if c.uncompared = slices.Delete(c.uncompared, i, i+1); len(c.uncompared) == 0 {
		c.uncompared = nil
	}
	return s.ETag == r.ETag, false, s.ETag == ""
}

// A link carries bytes to a client. Its methods are called by one goroutine
// at a time, but for kill.
type conn interface {
	// tryWrite writes as much of b as goes without waiting.
	tryWrite(w *worker, b []byte) (int, error)

	// writeAll writes b within Options.Stall, and says how much of it.
	writeAll(b []byte) (int, error)

	// closeWrite says that nothing more is written.
	closeWrite()

	// closeNow drops the client at once.
	closeNow()
}

// queueFrame queues a frame for this connection alone. It waits while a slow client
// is being written to, so that nobody can pile up answers.
func (c *connection) queueFrame(frame []byte) {
	c.writeMu.Lock()
	c.replies = append(c.replies, frame...)
	c.writeMu.Unlock()
	c.hub.flusher.mark(c)
}

// closeWith closes the connection in order; the first call decides how.
func (c *connection) closeWith(code websocket.StatusCode, reason string) {
	if c.closeReason.CompareAndSwap(nil, &closeReason{code, reason}) {
		c.hub.flusher.mark(c)
	}
}

// markAlive notes a sign of life.
func (c *connection) markAlive() { c.lastHeard.Store(c.hub.pingTick.Load()) }

// flush writes what the connection is behind with, unless somebody is
// writing already, who then has it flushed again.
func (c *connection) flush(w *worker) {
	c.queued.Store(false)
	c.reflush.Store(true)
	if !c.writeMu.TryLock() {
		return
	}
	c.reflush.Store(false)
	var b []byte
	switch {
	case c.writeClosed:
	case c.closeReason.Load() != nil || c.viewsReady():
		b = w.nextWrite(c)
	case c.handshakePending:
		b, c.replies = c.replies, nil
	}
	c.handshakePending = false
	if len(b) == 0 && (c.writeClosed || !c.closeAfterWrite) {
		c.releaseWriteMu()
		return
	}
	c.send(w, b)
}

// releaseWriteMu gives the turn away.
func (c *connection) releaseWriteMu() {
	c.writeMu.Unlock()
	if c.reflush.Load() {
		c.hub.flusher.mark(c)
	}
}

// viewsReady says whether the views of the invalidations to be answered are all
// there, and takes note of the wait if not.
func (c *connection) viewsReady() bool {
	c.awaitsView.Store(false)
	s := c.pendingInvalidations.Swap(nil)
	if s == nil || !c.heldBack(s) {
		return true
	}
	c.awaitsView.Store(true)
	if !c.heldBack(s) { // the view came before anybody could see the wait
		return true
	}
	c.pendingInvalidations.CompareAndSwap(nil, s)
	return false
}

func (c *connection) heldBack(s *invalidationRange) bool {
	for i := range c.subscriptions {
		if c.subscriptions[i].view.holdsBack(s) {
			return true
		}
	}
	return false
}

// send writes b and passes the turn. What a slow client does not take at
// once is left to a goroutine of its own.
func (c *connection) send(w *worker, b []byte) {
	w.frames++
	w.bytes += int64(len(b))
	n, err := c.conn.tryWrite(w, b)
	if err == nil && n < len(b) {
		rest := slices.Clone(b[n:])
		c.hub.goroutines.Go(func() { c.drain(rest) })
		return
	}
	c.finishWrite(err)
}

// finishWrite ends the connection if that was its last write, and passes the turn.
func (c *connection) finishWrite(err error) {
	switch {
	case err != nil:
		c.writeClosed = true
		c.conn.closeNow()
	case c.closeAfterWrite:
		c.writeClosed = true
		c.conn.closeWrite()
	}
	c.releaseWriteMu()
}

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

// closeAfterPanic closes the connection after a panic. The client may come back.
func (c *connection) closeAfterPanic() { c.closeWith(websocket.StatusInternalError, "internal error") }
