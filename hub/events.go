package hub

import (
	"net/http"
	"sync"
	"time"
)

// serveEvents serves server-sent events (HTML Living Standard §9.2). The hub
// ignores Last-Event-ID, because the page's token says what the page shows.
func (h *Hub) serveEvents(w http.ResponseWriter, r *http.Request, e encoding) {
	c, record := h.newConnection(r, Events, e), h.newOpenRecord(r)
	page, refused := h.admit(c, r)
	defer h.leave(c)
	if refused != nil {
		writeRefusal(w, refused)
		return
	}
	s := &eventStream{w: w, control: http.NewResponseController(w), stall: h.options.Stall, done: make(chan struct{})}
	c.conn = s
	w.Header().Set("Content-Type", "text/event-stream")
	// A proxy that compresses or buffers would delay events: no-transform
	// forbids compression (RFC 9110 §7.7), and nginx obeys X-Accel-Buffering.
	w.Header().Set("Cache-Control", "no-store, no-transform")
	w.Header().Set("X-Accel-Buffering", "no")
	w.Header().Set(liveHeader, liveOpen)
	_, _ = w.Write([]byte(Events.keepAlive())) // Flush returns the same error
	if err := s.control.Flush(); err != nil || !h.join(c, page) {
		return
	}
	h.flusher.mark(c)
	select {
	case <-s.done:
	case <-r.Context().Done():
	}
	c.logEnd(record, r.Context().Err())
	c.writeMu.Lock() // no write may follow the return of the handler
	defer c.writeMu.Unlock()
	c.writeClosed = true
}

// An eventStream is the conn of server-sent events.
type eventStream struct {
	w        http.ResponseWriter
	control  *http.ResponseController
	stall    time.Duration
	doneOnce sync.Once
	done     chan struct{}
}

var _ conn = (*eventStream)(nil)

func (s *eventStream) tryWrite(*worker, []byte) (int, error) { return 0, nil }

func (s *eventStream) writeAll(b []byte) (int, error) {
	if err := s.control.SetWriteDeadline(time.Now().Add(s.stall)); err != nil {
		return 0, err
	}
	n, err := s.w.Write(b)
	if err == nil {
		err = s.control.Flush()
	}
	return n, err
}

func (s *eventStream) closeWrite() { s.doneOnce.Do(func() { close(s.done) }) }

func (s *eventStream) closeNow() { s.closeWrite() }
