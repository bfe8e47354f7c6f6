package hub

import (
	"time"

	"golang.org/x/time/rate"
)

// A messageLimiter limits the messages of a session.
type messageLimiter struct {
	limiter *rate.Limiter
	users   int // connections; guarded by Hub.mu
}

// Limits of the messages from all connections of a session together. A
// connection without a session has a limit of its own.
const (
	messagesPerSecond = 10
	messageBurst      = 20
)

// allowMessage counts a message of the connection, and reports whether the
// limit allows it.
func (c *connection) allowMessage() bool {
	if c.messageLimiter == nil {
		c.messageLimiter = c.hub.limiterOf(c.session)
	}
	return c.messageLimiter.limiter.Allow()
}

// limiterOf returns the limiter of a session, with the caller added to its
// users.
func (h *Hub) limiterOf(session string) *messageLimiter {
	h.mu.Lock()
	defer h.mu.Unlock()
	f := h.counts.messageLimiters[session]
	if f == nil || session == "" {
		f = &messageLimiter{limiter: rate.NewLimiter(messagesPerSecond, messageBurst)}
	}
	f.users++
	if session != "" {
		h.counts.messageLimiters[session] = f
	}
	return f
}

// releaseLimiter deletes the limiter of a session without connections, once its
// bucket is full again: reconnecting gives no more messages.
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
