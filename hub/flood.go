package hub

import (
	"sync"
	"time"
)

// How many messages the connections of a session may send, all together. A
// connection without a session is counted by itself.
const (
	messagesPerSecond = 10
	messageBurst      = 20
)

// A flood counts the messages of a session.
type flood struct {
	mu     sync.Mutex
	bucket bucket
	users  int // connections; Hub.mu guards it
}

// mayReceive counts a message of the connection, and reports whether it is
// within the limit.
func (c *connection) mayReceive() bool {
	if c.flood == nil {
		c.flood = c.hub.floodOf(c.session)
	}
	c.flood.mu.Lock()
	defer c.flood.mu.Unlock()
	return c.flood.bucket.take(messagesPerSecond, messageBurst)
}

// floodOf returns the flood of a session, which has one more user.
func (h *Hub) floodOf(session string) *flood {
	h.mu.Lock()
	defer h.mu.Unlock()
	f := h.counts.floods[session]
	if f == nil || session == "" {
		f = new(flood)
	}
	f.users++
	if session != "" {
		h.counts.floods[session] = f
	}
	return f
}

// leaveFlood forgets the flood of a session without connections, when it would
// be as a fresh one: to connect again gives no more messages.
func (h *Hub) leaveFlood(c *connection) {
	if c.flood == nil || c.session == "" {
		return
	}
	time.AfterFunc(messageBurst/messagesPerSecond*time.Second, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		if c.flood.users--; c.flood.users == 0 {
			delete(h.counts.floods, c.session)
		}
	})
}
