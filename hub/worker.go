package hub

import (
	"bytes"
	"slices"
	"strconv"
	"time"
)

// A worker writes to connections, one at a time.
type worker struct {
	hub          *Hub
	roundNumber  uint64
	socketWriter nonblockingWriter
	changes      []viewChange // of the current connection

	innerViews, replacedInnerViews []Shown // the views within changes, and within the renderings they replace

	lastChanges []viewChange  // the changes in lastMessage
	lastFormat  messageFormat // the format of lastMessage
	lastMessage []byte        // composed last, for reuse

	handshakeBuffer []byte // the last write to a connection that has just joined

	updates, merged, frames, bytes int64 // of the current round
}

// messageFormat is the input of a composed message besides the changes.
type messageFormat struct {
	transport Transport
	encoding  encoding
}

// viewChange is a changed view as sent to a connection: a WebSocket message,
// and the offset of its payload. Connections share these bytes.
type viewChange struct {
	frame        []byte
	payloadStart int
}

// maxKeptBuffer is the size above which a worker drops its buffer.
const maxKeptBuffer = 1 << 20

// nextWrite returns the bytes to write to the connection. They are valid until
// the next call. The caller holds writeMu.
func (w *worker) nextWrite(c *connection) []byte {
	if cap(w.handshakeBuffer) > maxKeptBuffer {
		w.handshakeBuffer = nil
	}
	var b []byte
	reason := c.closeReason.Load()
	if reason == nil {
		b = w.pendingChanges(c)
	}
	if c.handshakePending {
		w.handshakeBuffer = append(append(w.handshakeBuffer[:0], c.replies...), b...)
		b = slices.Clip(w.handshakeBuffer)
	} else {
		b = append(b, c.replies...)
	}
	c.replies = nil
	asked := c.pingDue.Swap(false)
	if asked {
		b = append(b, c.transport.keepAlive()...)
	}
	if reason == nil && (asked || c.transport == Poll) {
		b = append(b, c.renewalMessage(time.Now())...)
	}
	if reason == nil && c.reloadDue.Swap(false) {
		b = append(b, c.transport.message([]byte(reloadMessage))...)
	}
	if reason != nil && c.transport == WebSocket {
		b = appendClose(b, reason.code, reason.reason)
	}
	c.closeAfterWrite = reason != nil || c.transport == Poll
	return b
}

// pendingChanges returns the changed views of a connection as bytes to write,
// and records them as sent. The caller holds writeMu.
func (w *worker) pendingChanges(c *connection) []byte {
	w.changes = w.changes[:0]
	ended := false
	for i := range c.subscriptions {
		s := &c.subscriptions[i]
		r := s.view.current.Load()
		if r == nil || r.changeNumber == s.sentChange {
			continue
		}
		isNew := false
		if c.uncompared != nil {
			var same, maybeLater bool
			same, maybeLater, isNew = c.compareWithPage(s.view, r)
			if same {
				s.sentChange = r.changeNumber
				c.setContained(s.view, r.Views)
			}
			if same || maybeLater {
				continue
			}
		}
		if s.sentChange > 0 && r.changeNumber > s.sentChange {
			w.merged += int64(r.changeNumber - s.sentChange - 1)
		}
		encoding := r.encodingFor(c.encoding, s.sentChange, isNew)
		s.sentChange = r.changeNumber
		ended = ended || r.Last
		if frame, start := w.hub.encodedFrame(s.view, r, encoding); frame != nil {
			w.changes = append(w.changes, viewChange{frame, start})
			w.innerViews = append(w.innerViews, r.Views...)
			w.replacedInnerViews = append(w.replacedInnerViews, c.setContained(s.view, r.Views)...)
		}
	}
	if len(w.innerViews)+len(w.replacedInnerViews) > 0 {
		w.hub.subscribeContained(c, w.innerViews, w.replacedInnerViews)
		clear(w.innerViews)
		clear(w.replacedInnerViews)
		w.innerViews, w.replacedInnerViews = w.innerViews[:0], w.replacedInnerViews[:0]
	}
	if ended {
		w.hub.unsubscribeEnded(c)
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
	return w.composeMessage(c)
}

// composeMessage returns the changes in the format of the connection.
// Connections with the same pending changes are mostly written in a row, so the
// last composed message is reused for them.
func (w *worker) composeMessage(c *connection) []byte {
	f := messageFormat{c.transport, c.encoding}
	same := func(a, b viewChange) bool { return &a.frame[0] == &b.frame[0] }
	if f != w.lastFormat || c.transport == Events || !slices.EqualFunc(w.changes, w.lastChanges, same) {
		if cap(w.lastMessage) > maxKeptBuffer {
			w.lastMessage = nil
		}
		w.lastFormat = f
		w.lastChanges = append(w.lastChanges[:0], w.changes...)
		w.lastMessage = w.appendChanges(w.lastMessage[:0], c)
	}
	return slices.Clip(w.lastMessage)
}

// appendChanges appends
//   - a message of HTML,
//   - an event, or
//   - a message of JSON for each change.
func (w *worker) appendChanges(b []byte, c *connection) []byte {
	switch {
	case c.encoding == protocolMessage:
		for _, ch := range w.changes {
			b = append(b, ch.frame...)
		}
		return b
	case c.transport == Events:
		return w.appendEvent(b)
	case c.transport == WebSocket:
		size := 0
		for _, ch := range w.changes {
			size += len(ch.frame) - ch.payloadStart
		}
		b = appendHeader(b, size)
	}
	for _, ch := range w.changes {
		b = append(b, ch.frame[ch.payloadStart:]...)
	}
	return b
}

// appendEvent appends the changes as a single server-sent event.
func (w *worker) appendEvent(b []byte) []byte {
	b = strconv.AppendUint(append(b, "id: "...), w.roundNumber, 10)
	for _, ch := range w.changes {
		for line := range bytes.Lines(ch.frame[ch.payloadStart:]) {
			b = append(append(b, "\ndata: "...), bytes.TrimRight(line, "\r\n")...)
		}
	}
	return append(b, "\n\n"...)
}

// reportStats adds the worker's writes of a round to the hub's figures, and
// reports whether there were any.
func (w *worker) reportStats() bool {
	n := &w.hub.stats
	n.updates.Add(w.updates)
	n.merged.Add(w.merged)
	n.frames.Add(w.frames)
	n.bytes.Add(w.bytes)
	wrote := w.frames > 0
	w.updates, w.merged, w.frames, w.bytes = 0, 0, 0, 0
	return wrote
}
