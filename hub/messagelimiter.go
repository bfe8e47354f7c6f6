package hub

import (
	"sync"
	"time"
)

// A flood counts the messages of a session.
type messageLimiter struct {
	mu     sync.Mutex
	bucket tokenBucket
	users  int // connections; Hub.mu guards it
}

// How many messages the connections of a session may send, all together. A
// connection without a session is counted by itself.
const (
	messagesPerSecond = 10
	messageBurst      = 20
)

// allowMessage counts a message of the connection, and reports whether it is
// within the limit.
func (c *connection) allowMessage() bool {
	if c.messageLimiter == nil {
		c.messageLimiter = c.hub.limiterOf(c.session)
	}
	c.messageLimiter.mu.Lock()
	defer c.messageLimiter.mu.Unlock()
	return c.messageLimiter.bucket.takeToken(messagesPerSecond, messageBurst)
}

// limiterOf returns the flood of a session, which has one more user.
func (h *Hub) limiterOf(session string) *messageLimiter {
	h.mu.Lock()
	defer h.mu.Unlock()
	f := h.counts.messageLimiters[session]
	if f == nil || session == "" {
		f = new(messageLimiter)
	}
	f.users++
	if session != "" {
		h.counts.messageLimiters[session] = f
	}
	return f
}

// releaseLimiter forgets the flood of a session without connections, when it would
// be as a fresh one: to connect again gives no more messages.
func (h *Hub) releaseLimiter(c *connection) {
	if c.messageLimiter == nil || c.session == "" {
		return
	}
	time.AfterFunc(messageBurst/messagesPerSecond*time.Second, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		if c.messageLimiter.users--; c.messageLimiter.users == 0 {
			delete(h.counts.messageLimiters, c.session)
		}
	})
}
