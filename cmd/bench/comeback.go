//go:build linux

package main

import (
	"fmt"
	"math/rand/v2"
	"syscall"
	"time"

	"selvedge/cmd/bench/internal/tcpsocket"
)

// cutOff ends a connection that did not end by the client's will, but why.
func (s *swarm) cutOff(c *client, why any) {
	if c.state == open {
		s.lost++
		s.loss = fmt.Sprint(why)
	}
	s.drop(c)
	s.comeBack(c)
}

// drop ends a connection, whatever its state.
func (s *swarm) drop(c *client) {
	switch c.state {
	case dialing, upgrading:
		s.dialing--
	case open:
		s.open--
	}
	if c.fd >= 0 {
		// Closing does not take it out of epoll while a process that is just
		// being started has a copy.
		_ = syscall.EpollCtl(s.epoll, syscall.EPOLL_CTL_DEL, c.fd, nil)
		tcpsocket.Reset(c.fd)
	}
	c.fd, c.state, c.rest = -1, away, nil
}

// The back-off of htmx 4's hx-ws.
const (
	firstDelay = 500 * time.Millisecond
	delaySpan  = 0.3
	maxDelay   = 60 * time.Second
)

// comeBack has a client connect again, after a delay that doubles.
func (s *swarm) comeBack(c *client) {
	if !s.returning {
		return
	}
	delay := float64(min(firstDelay<<min(c.attempts, 16), maxDelay))
	c.attempts++
	s.dialAt(c, time.Now().Add(time.Duration(delay*(1-delaySpan+2*delaySpan*rand.Float64()))))
}
