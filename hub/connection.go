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

// A connection is an open page, over any transport. It has no message queue:
// for each view it remembers the change sent last, and a flush sends the views
// that have changed since. A slow reader costs memory only in the number of its
// views.
type connection struct {
	// The fields read by every flush come first, to share cache lines.
	pendingInvalidations atomic.Pointer[invalidationRange] // the invalidations answered by the next flush; nil: none
	closeReason          atomic.Pointer[closeReason]       // how the connection ends; nil: still open
	queued               atomic.Bool                       // is in flusher.marked
	awaitsView           atomic.Bool                       // a flush waits for a view
	reflush              atomic.Bool                       // a flush was skipped because writeMu was taken
	pingDue              atomic.Bool                       // the next write includes a ping
	reloadDue            atomic.Bool                       // the next write has the page load itself again
	writeMu              sync.Mutex                        // held while writing; guards the next eight fields
	renewAt              int64                             // when the page is due a new token, in Unix seconds; 0: never
	subscriptions        []subscription
	uncompared           []Shown          // the views of the page token that were not compared yet
	contained            []containedViews // views within renderings that the page has
	replies              []byte           // frames for this connection only, or the handshake response
	handshakePending     bool             // replies holds the handshake response, to be written first
	closeAfterWrite      bool             // the write in progress is the last
	writeClosed          bool             // no more writes

	transport      Transport
	encoding       encoding
	hub            *Hub
	conn           conn
	lastHeard      atomic.Int64 // Hub.pingTick at the last sign of life
	client         *client      // sender of the messages; nil: actions are refused, and JSON clients have no Conversation
	session        string
	network        netip.Prefix
	counted        bool            // in Hub.counts; Hub.mu guards this and the next two fields
	joined         bool            // in Hub.timerWheel
	wheelSlot      uint8           // index in Hub.timerWheel
	messageLimiter *messageLimiter // used by the reader only; nil: no message was received
}

// compareWithPage compares r with the view as the page showed it when it was
// rendered.
//   - same: the page shows r.
//   - maybeLater: the page may show a later rendering, which stays in
//     uncompared. The view is fetched again, unless r is from after the page:
//     its revision may still be older, because other processes may be ahead.
//   - isNew: the page showed nothing of the view.
//
// The caller holds writeMu.
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

// A conn carries bytes to a client. Its methods are called by one goroutine at
// a time, except closeNow.
type conn interface {
	// tryWrite writes as much of b as possible without waiting.
	tryWrite(w *worker, b []byte) (int, error)

	// writeAll writes b within Options.Stall, and returns the number of bytes
	// written.
	writeAll(b []byte) (int, error)

	// closeWrite ends writing; the client may still answer.
	closeWrite()

	// closeNow drops the client at once.
	closeNow()
}

// queueFrame queues a frame for this connection only. It waits during a write
// to a slow client, so that a client cannot pile up replies.
func (c *connection) queueFrame(frame []byte) {
	c.writeMu.Lock()
	c.replies = append(c.replies, frame...)
	c.writeMu.Unlock()
	c.hub.flusher.mark(c)
}

// closeWith closes the connection in order; the first call decides code and
// reason.
func (c *connection) closeWith(code websocket.StatusCode, reason string) {
	if c.closeReason.CompareAndSwap(nil, &closeReason{code, reason}) {
		c.hub.flusher.mark(c)
	}
}

// markAlive records a sign of life.
func (c *connection) markAlive() { c.lastHeard.Store(c.hub.pingTick.Load()) }

// flush writes the pending changes of the connection. If a write is in
// progress, the writer has the connection flushed again afterwards.
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

// releaseWriteMu unlocks writeMu, and marks the connection if a flush was
// skipped meanwhile.
func (c *connection) releaseWriteMu() {
	c.writeMu.Unlock()
	if c.reflush.Load() {
		c.hub.flusher.mark(c)
	}
}

// viewsReady reports whether every view of the pending invalidations is
// fetched. Otherwise it keeps the invalidations and sets awaitsView.
func (c *connection) viewsReady() bool {
	c.awaitsView.Store(false)
	s := c.pendingInvalidations.Swap(nil)
	if s == nil || !c.heldBack(s) {
		return true
	}
	c.awaitsView.Store(true)
	if !c.heldBack(s) { // the view was fetched before awaitsView was visible
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

// send writes b and releases writeMu. A goroutine of its own writes the rest
// for a client that does not take b at once.
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

// finishWrite releases writeMu. The connection ends after an error or after its
// last write.
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

// drain writes the rest for a slow client, and releases the caller's writeMu. A
// client that does not take the rest within Options.Stall
//  1. leaves the hub, so that its views are not sent any more;
//  2. is sent close code 1013, to connect again later;
//  3. has Options.Stall again to read up to the close frame.
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

// closeAfterPanic closes the connection after a panic. The client may connect
// again.
func (c *connection) closeAfterPanic() { c.closeWith(websocket.StatusInternalError, "internal error") }
