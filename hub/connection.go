package hub

import (
	"net/netip"
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
	reflects atomic.Pointer[span]    // the invalidations that the next flush answers; nil: none
	goodbye  atomic.Pointer[goodbye] // how it is to end; nil: not yet
	queued   atomic.Bool             // waits for a worker
	waiting  atomic.Bool             // waits for one of its views
	again    atomic.Bool             // somebody wanted the turn meanwhile
	ping     atomic.Bool             // is to be asked for a sign of life
	turn     sync.Mutex              // held by whoever writes; guards the next eight
	renewAt  int64                   // when the page is to be sent a new token, in Unix seconds; 0: never
	shows    []shown
	rendered []Shown    // its page, as far as that was not compared yet
	contents []contents // within what it has been sent, or has shown from the start
	replies  []byte     // frames for this connection alone, or else
	joining  bool       // the answer to its handshake, which precedes everything
	leaving  bool       // what is being written is the last
	ended    bool       // nothing is written any more

	transport Transport
	form      form
	hub       *Hub
	link      link
	heard     atomic.Int64 // the beat of the last sign of life
	client    *client      // for its actions; nil: it has none
	session   string
	network   netip.Prefix
	counted   bool   // towards the limits; Hub.mu guards it and the next two
	joined    bool   // is in Hub.wheel
	slot      uint8  // there
	flood     *flood // of the reader only; nil: it has received nothing
}

// shown is a view as a connection shows it. The turn guards it, but for the
// view, which stays, and the index, which Hub.mu guards; so it is copied
// with both held.
type shown struct {
	view   *view
	number uint32 // of the change that it has; 0: as in connection.rendered, if it is there
	index  int32  // of the connection in view.connections
}

// showing returns the view of that name as the connection shows it, or nil.
// The turn or Hub.mu is held.
func (c *connection) showing(name View) *shown {
	for i := range c.shows {
		if s := &c.shows[i]; s.view.View == name {
			return s
		}
	}
	return nil
}

// compare says whether the page showed the view like r when it was rendered,
// or in a way that may be later than r: then the view is fetched again, unless
// that was done and brought an older revision, since other processes may be
// ahead. What the page showed is remembered until r is not older. The turn is
// held; isNew says that the page showed nothing of the view.
func (c *connection) compare(v *view, r *rendered) (same, maybeLater, isNew bool) {
	i := slices.IndexFunc(c.rendered, func(s Shown) bool { return s.View == v.View })
	if i < 0 {
		return false, false, false
	}
	s := c.rendered[i]
	if r.mayPrecede(s) {
		if r.before(s.Date) {
			c.hub.mu.Lock()
			defer c.hub.mu.Unlock()
			c.hub.compare(v, s)
		}
		return false, true, false
	}
	if c.rendered = slices.Delete(c.rendered, i, i+1); len(c.rendered) == 0 {
		c.rendered = nil
	}
	return s.ETag == r.ETag, false, s.ETag == ""
}

// goodbye is how a connection ends.
type goodbye struct {
	code   websocket.StatusCode
	reason string
}

// A link carries bytes to a client. Its methods are called by one goroutine
// at a time, but for kill.
type link interface {
	// try writes as much of b as goes without waiting.
	try(w *worker, b []byte) (int, error)

	// write writes b within Options.Stall, and says how much of it.
	write(b []byte) (int, error)

	// finish says that nothing more is written.
	finish()

	// kill drops the client at once.
	kill()
}

// say queues a frame for this connection alone. It waits while a slow client
// is being written to, so that nobody can pile up answers.
func (c *connection) say(frame []byte) {
	c.turn.Lock()
	c.replies = append(c.replies, frame...)
	c.turn.Unlock()
	c.hub.flusher.mark(c)
}

// end closes the connection in order; the first call decides how.
func (c *connection) end(code websocket.StatusCode, reason string) {
	if c.goodbye.CompareAndSwap(nil, &goodbye{code, reason}) {
		c.hub.flusher.mark(c)
	}
}

// alive notes a sign of life.
func (c *connection) alive() { c.heard.Store(c.hub.beat.Load()) }

// flush writes what the connection is behind with, unless somebody is
// writing already, who then has it flushed again.
func (c *connection) flush(w *worker) {
	c.queued.Store(false)
	c.again.Store(true)
	if !c.turn.TryLock() {
		return
	}
	c.again.Store(false)
	var b []byte
	switch {
	case c.ended:
	case c.goodbye.Load() != nil || c.ready():
		b = w.next(c)
	case c.joining:
		b, c.replies = c.replies, nil
	}
	c.joining = false
	if len(b) == 0 && (c.ended || !c.leaving) {
		c.pass()
		return
	}
	c.send(w, b)
}

// pass gives the turn away.
func (c *connection) pass() {
	c.turn.Unlock()
	if c.again.Load() {
		c.hub.flusher.mark(c)
	}
}

// ready says whether the views of the invalidations to be answered are all
// there, and takes note of the wait if not.
func (c *connection) ready() bool {
	c.waiting.Store(false)
	s := c.reflects.Swap(nil)
	if s == nil || !c.held(s) {
		return true
	}
	c.waiting.Store(true)
	if !c.held(s) { // the view came before anybody could see the wait
		return true
	}
	c.reflects.CompareAndSwap(nil, s)
	return false
}

func (c *connection) held(s *span) bool {
	for i := range c.shows {
		if c.shows[i].view.heldFor(s) {
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
	n, err := c.link.try(w, b)
	if err == nil && n < len(b) {
		rest := slices.Clone(b[n:])
		c.hub.goroutines.Go(func() { c.drain(rest) })
		return
	}
	c.sent(err)
}

// sent ends the connection if that was its last write, and passes the turn.
func (c *connection) sent(err error) {
	switch {
	case err != nil:
		c.ended = true
		c.link.kill()
	case c.leaving:
		c.ended = true
		c.link.finish()
	}
	c.pass()
}
