package hub

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"net/http"
	"sync"
)

// servePoll responds with the pending changes of the page. The status is 304 if
//   - there are none, or
//   - the client has them already, by If-None-Match.
func (h *Hub) servePoll(w http.ResponseWriter, r *http.Request, e encoding) {
	c := h.newConnection(r, Poll, e)
	page, refused := h.admit(c, r)
	defer h.leave(c)
	w.Header().Set("Cache-Control", "private, no-cache")
	w.Header().Set("Vary", "Accept")
	if refused != nil {
		writeRefusal(w, refused)
		return
	}
	w.Header().Set(liveHeader, liveOpen)
	p := &pollResponse{done: make(chan struct{})}
	c.conn = p
	if !h.join(c, page) {
		writeRefusal(w, &hubRestarting)
		return
	}
	h.flusher.mark(c)
	select {
	case <-p.done:
	case <-r.Context().Done():
		return
	}
	c.writeMu.Lock()
	body := p.body
	c.writeMu.Unlock()
	sum := sha256.Sum256(body)
	etag := fmt.Sprintf(`"%x"`, sum[:12])
	w.Header().Set("ETag", etag)
	if len(body) == 0 || r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(body)
}

// A pollResponse is the conn of a poll: it keeps the pending changes.
type pollResponse struct {
	body     []byte
	doneOnce sync.Once
	done     chan struct{}
}

var _ conn = (*pollResponse)(nil)

func (p *pollResponse) tryWrite(_ *worker, b []byte) (int, error) {
	p.body = bytes.Clone(b)
	return len(b), nil
}

func (p *pollResponse) writeAll(b []byte) (int, error) { return p.tryWrite(nil, b) }

func (p *pollResponse) closeWrite() { p.doneOnce.Do(func() { close(p.done) }) }

func (p *pollResponse) closeNow() { p.closeWrite() }
