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
func (cs *Clients) lose(c *Client, reason any) {
	if c.state == connected {
		cs.Counters.Lost++
		cs.Counters.LastLoss = fmt.Sprint(reason)
	}
	cs.drop(c)
	cs.reconnectLater(c)
}

// drop resets a connection in any state.
func (cs *Clients) drop(c *Client) {
	switch c.state {
	case connecting, upgrading:
		cs.dialing--
	case connected:
		cs.open--
	}
	if c.fd >= 0 {
		// Close alone leaves the socket in epoll while a process that is being
		// started has a copy of the descriptor.
		_ = syscall.EpollCtl(cs.epoll, syscall.EPOLL_CTL_DEL, c.fd, nil)
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
func (cs *Clients) reconnectLater(c *Client) {
	if !cs.Reconnect {
		return
	}
	delay := float64(min(firstDelay<<min(c.attempts, 16), maxDelay))
	c.attempts++
	cs.dialAt(c, time.Now().Add(time.Duration(delay*(1-delaySpan+2*delaySpan*rand.Float64()))))
}
