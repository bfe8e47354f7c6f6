package hub

import (
	"bytes"
	"slices"
	"strconv"
	"time"
)

// A worker writes to one connection at a time.
type worker struct {
	hub     *Hub
	round   uint64
	socket  nonblocking
	changes []change // of the connection

	inside, replaced []Shown // the views within these, and within what they replace

	composed []change // what was composed last,
	format   format   // how,
	buffer   []byte   // and the result

	first []byte // what the last connection that had just joined was written

	updates, merged, frames, bytes int64 // of this round
}

// format is what a composition depends on besides the changes.
type format struct {
	transport Transport
	form      form
}

// change is what a connection is sent of one view: a WebSocket message, and
// where its payload starts. Other connections are sent the same bytes.
type change struct {
	frame []byte
	start int
}

// maxBuffer is the size above which a worker does not keep its buffer.
const maxBuffer = 1 << 20

// next returns what the connection is to be sent; the bytes are valid until
// the next call. The connection's turn is held.
func (w *worker) next(c *connection) []byte {
	if cap(w.first) > maxBuffer {
		w.first = nil
	}
	var b []byte
	goodbye := c.closeReason.Load()
	if goodbye == nil {
		b = w.behind(c)
	}
	if c.handshakePending {
		w.first = append(append(w.first[:0], c.replies...), b...)
		b = slices.Clip(w.first)
	} else {
		b = append(b, c.replies...)
	}
	c.replies = nil
	asked := c.pingDue.Swap(false)
	if asked {
		b = append(b, c.transport.keepAlive()...)
	}
	if goodbye == nil && (asked || c.transport == Poll) {
		b = append(b, c.renewalMessage(time.Now())...)
	}
	if goodbye != nil && c.transport == WebSocket {
		b = appendClose(b, goodbye.code, goodbye.reason)
	}
	c.closeAfterWrite = goodbye != nil || c.transport == Poll
	return b
}

// behind returns the changes of a connection's views, and notes that it has
// them.
func (w *worker) behind(c *connection) []byte {
	w.changes = w.changes[:0]
	for i := range c.subscriptions {
		s := &c.subscriptions[i]
		r := s.view.current.Load()
		if r == nil || r.number == s.sentChange {
			continue
		}
		isNew := false
		if c.uncompared != nil {
			var same, maybeLater bool
			same, maybeLater, isNew = c.compareWithPage(s.view, r)
			if same {
				s.sentChange = r.number
				c.setContained(s.view, r.Views)
			}
			if same || maybeLater {
				continue
			}
		}
		if s.sentChange > 0 && r.number > s.sentChange {
			w.merged += int64(r.number - s.sentChange - 1)
		}
		form := r.form(c.form, s.sentChange, isNew)
		s.sentChange = r.number
		if frame, start := w.hub.frame(s.view, r, form); frame != nil {
			w.changes = append(w.changes, change{frame, start})
			w.inside = append(w.inside, r.Views...)
			w.replaced = append(w.replaced, c.setContained(s.view, r.Views)...)
		}
	}
	if len(w.inside)+len(w.replaced) > 0 {
		w.hub.subscribeContained(c, w.inside, w.replaced)
		clear(w.inside)
		clear(w.replaced)
		w.inside, w.replaced = w.inside[:0], w.replaced[:0]
	}
	w.updates += int64(len(w.changes))
	switch len(w.changes) {
	case 0:
		return nil
	case 1:
		if c.transport == WebSocket {
			return slices.Clip(w.changes[0].frame)
		}
	}
	return w.compose(c)
}

// compose returns the changes in the way of the connection. Those that are
// behind with the same views are mostly written to one after the other: what
// was composed for the last is used again.
func (w *worker) compose(c *connection) []byte {
	f := format{c.transport, c.form}
	same := func(a, b change) bool { return &a.frame[0] == &b.frame[0] }
	if f != w.format || c.transport == Events || !slices.EqualFunc(w.changes, w.composed, same) {
		if cap(w.buffer) > maxBuffer {
			w.buffer = nil
		}
		w.format = f
		w.composed = append(w.composed[:0], w.changes...)
		w.buffer = w.appendChanges(w.buffer[:0], c)
	}
	return slices.Clip(w.buffer)
}

// appendChanges appends one message of HTML, one event, or several messages
// of JSON.
func (w *worker) appendChanges(b []byte, c *connection) []byte {
	switch {
	case c.form == message:
		for _, ch := range w.changes {
			b = append(b, ch.frame...)
		}
		return b
	case c.transport == Events:
		return w.event(b)
	case c.transport == WebSocket:
		size := 0
		for _, ch := range w.changes {
			size += len(ch.frame) - ch.start
		}
		b = appendHeader(b, size)
	}
	for _, ch := range w.changes {
		b = append(b, ch.frame[ch.start:]...)
	}
	return b
}

// event appends the changes as one server-sent event.
func (w *worker) event(b []byte) []byte {
	b = strconv.AppendUint(append(b, "id: "...), w.round, 10)
	for _, ch := range w.changes {
		for line := range bytes.Lines(ch.frame[ch.start:]) {
			b = append(append(b, "\ndata: "...), bytes.TrimRight(line, "\r\n")...)
		}
	}
	return append(b, "\n\n"...)
}

// report adds what the worker wrote in a round to the hub's figures, and says
// whether it wrote.
func (w *worker) report() bool {
	n := &w.hub.stats
	n.updates.Add(w.updates)
	n.merged.Add(w.merged)
	n.frames.Add(w.frames)
	n.bytes.Add(w.bytes)
	wrote := w.frames > 0
	w.updates, w.merged, w.frames, w.bytes = 0, 0, 0, 0
	return wrote
}
