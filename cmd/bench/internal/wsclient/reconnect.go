//go:build linux

package wsclient

import (
	"fmt"
	"math/rand/v2"
	"syscall"
	"time"

	"selvedge/cmd/bench/internal/tcpsocket"
)

// lose ends a connection that the clients did not want to end. The reason is an
// error or a text.
func (s *Clients) lose(c *Client, reason any) {
	if c.state == connected {
		s.Counters.Lost++
		s.Counters.LastLoss = fmt.Sprint(reason)
	}
	s.drop(c)
	s.reconnectLater(c)
}

// drop resets a connection in any state.
func (s *Clients) drop(c *Client) {
	switch c.state {
	case connecting, upgrading:
		s.dialing--
	case connected:
		s.open--
	}
	if c.fd >= 0 {
		// Close alone leaves the socket in epoll while a process that is being
		// started has a copy of the descriptor.
		_ = syscall.EpollCtl(s.epoll, syscall.EPOLL_CTL_DEL, c.fd, nil)
		tcpsocket.Reset(c.fd)
	}
	c.fd, c.state, c.rest = -1, disconnected, nil
}

// The back-off of htmx 4's hx-ws.
const (
	firstDelay = 500 * time.Millisecond
	maxDelay   = 60 * time.Second
	delaySpan  = 0.3 // of the delay, more or less
)

// reconnectLater has a client connect again, if clients do. The delay doubles
// with each attempt.
func (s *Clients) reconnectLater(c *Client) {
	if !s.Reconnect {
		return
	}
	delay := float64(min(firstDelay<<min(c.attempts, 16), maxDelay))
	c.attempts++
	s.dialAt(c, time.Now().Add(time.Duration(delay*(1-delaySpan+2*delaySpan*rand.Float64()))))
}
