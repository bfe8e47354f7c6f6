//go:build linux

package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"syscall"
	"time"

	"selvedge/cmd/bench/internal/tcpsocket"
	"selvedge/cmd/bench/internal/workload"
	"selvedge/cmd/bench/internal/wsframe"
)

// A client is one page with one connection, and no more than that.
type client struct {
	number   int
	fd       int
	state    state
	rest     []byte                   // of a message that is not all there
	shows    [workload.MaxViews]int64 // revisions of the views
	right    int                      // how many views show what the swarm's watch waits for
	attempts int                      // to connect, since the last connection
	due      time.Time                // when it dials, if it waits for that
	slow     bool                     // it stops to read at times; its last view is personal
	asked    time.Time                // when its handshake was sent; zero: it has been sent what it missed
	cut      time.Time                // when its connection is cut, by the jitter
}

// state is how far a client's connection is.
type state uint8

const (
	away state = iota
	dialing
	upgrading
	open
)

// dial begins to connect a client.
func (s *swarm) dial(c *client) {
	var err error
	if c.fd, err = tcpsocket.Dial(c.number, s.server); err != nil {
		c.fd = -1
		s.comeBack(c)
		return
	}
	c.state = dialing
	s.dialing++
	event := syscall.EpollEvent{Events: syscall.EPOLLOUT, Fd: int32(c.number)}
	if err := syscall.EpollCtl(s.epoll, syscall.EPOLL_CTL_ADD, c.fd, &event); err != nil {
		s.cutOff(c, err)
	}
}

// edge is EPOLLET of epoll(7): an event for what has come, and not for what is
// there. It spares the kernel to look at each socket once more after its
// event. That is negative in package syscall.
const edge = 1 << 31

// arrivals are the events of an open connection: data, and the end of it.
const arrivals = syscall.EPOLLIN | syscall.EPOLLRDHUP | edge

// ends are the events behind which there is nothing to wait for: all is read,
// up to the end.
const ends = syscall.EPOLLRDHUP | syscall.EPOLLHUP | syscall.EPOLLERR

// upgrade asks for a WebSocket on a connection that the kernel has made, or
// could not make.
func (s *swarm) upgrade(c *client) {
	if err := tcpsocket.DialError(c.fd); err != nil {
		s.cutOff(c, err)
		return
	}
	handshake := s.handshake(c)
	s.jitter.asks(c)
	if n, err := syscall.Write(c.fd, handshake); err != nil || n < len(handshake) {
		s.cutOff(c, err)
		return
	}
	c.state = upgrading
	event := syscall.EpollEvent{Events: arrivals, Fd: int32(c.number)}
	if err := syscall.EpollCtl(s.epoll, syscall.EPOLL_CTL_MOD, c.fd, &event); err != nil {
		s.cutOff(c, err)
	}
}

// handshake is what a browser sends (RFC 6455 §4.1).
func (s *swarm) handshake(c *client) []byte {
	t := workload.Token{Epoch: s.epoch, Session: session(c), Views: s.views, Personal: s.personal, Revision: s.rendered}
	if c.slow {
		t.Personal = 1
	}
	return fmt.Appendf(nil, "GET /live?page=%s HTTP/1.1\r\n"+
		"Host: %[2]s\r\n"+
		"Connection: Upgrade\r\n"+
		"Pragma: no-cache\r\n"+
		"Cache-Control: no-cache\r\n"+
		"User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36\r\n"+
		"Upgrade: websocket\r\n"+
		"Origin: http://%[2]s\r\n"+
		"Sec-WebSocket-Version: 13\r\n"+
		"Accept-Encoding: gzip, deflate, br, zstd\r\n"+
		"Accept-Language: en-US,en;q=0.9\r\n"+
		"Cookie: session=%[3]s\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"+
		"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n",
		t, s.server, session(c))
}

// session is that of a client's browser.
func session(c *client) string { return fmt.Sprintf("%032x", c.number) }

// receive reads all that has come for a client, which may have come to its end.
func (s *swarm) receive(c *client, ended bool) {
	for more := true; more && c.state >= upgrading; {
		n, err := tcpsocket.Read(c.fd, s.buffer)
		switch {
		case errors.Is(err, syscall.EAGAIN):
			return
		case err != nil || n == 0:
			s.cutOff(c, cmp.Or(err, io.EOF))
			return
		}
		s.parse(c, s.buffer[:n])
		more = ended || n == len(s.buffer)
	}
}

// parse takes bytes that have come for a client.
func (s *swarm) parse(c *client, b []byte) {
	if len(c.rest) > 0 {
		b = append(c.rest, b...)
	}
	if c.state == upgrading {
		b = s.upgraded(c, b)
	}
	for c.state == open {
		f, n, err := wsframe.Parse(b)
		if err != nil {
			s.cutOff(c, err)
			return
		}
		if n == 0 {
			break
		}
		s.take(c, f)
		b = b[n:]
	}
	c.rest = nil
	if len(b) > 0 {
		c.rest = slices.Clone(b)
	}
}

var (
	headEnd  = []byte("\r\n\r\n")
	switched = []byte("HTTP/1.1 101 ")
)

// upgraded reads the answer to the handshake, and returns what comes after
// it.
func (s *swarm) upgraded(c *client, b []byte) []byte {
	head, rest, whole := bytes.Cut(b, headEnd)
	switch {
	case !whole:
		return b
	case !bytes.HasPrefix(head, switched):
		s.cutOff(c, "refused")
		return nil
	}
	c.state = open
	c.attempts = 0
	s.dialing--
	s.open++
	s.jitter.opens(c)
	if s.hello != "" {
		if _, err := syscall.Write(c.fd, wsframe.AppendMasked(nil, wsframe.OpText, []byte(s.hello))); err != nil {
			s.cutOff(c, err)
		}
	}
	return rest
}

// take takes a frame.
func (s *swarm) take(c *client, f wsframe.Frame) {
	switch f.Opcode {
	case wsframe.OpText:
		s.apply(c, f.Payload)
	case wsframe.OpPing:
		s.pings++
		if _, err := syscall.Write(c.fd, wsframe.AppendMasked(nil, wsframe.OpPong, f.Payload)); err != nil {
			s.cutOff(c, err)
		}
	case wsframe.OpClose:
		s.cutOff(c, fmt.Sprintf("closed: %q", f.Payload))
	}
}

// apply shows the updates of a message. Messages without any, as some servers
// send them to say hello, are not counted.
func (s *swarm) apply(c *client, message []byte) {
	updates := s.updates
	defer func() {
		if s.updates > updates {
			s.messages++
		}
	}()
	for u, rest, ok := workload.NextUpdate(message); ok; u, rest, ok = workload.NextUpdate(rest) {
		s.updates++
		if u.View >= workload.MaxViews {
			continue
		}
		before := c.shows[u.View]
		c.shows[u.View] = u.Revision
		if u.Revision < before {
			s.backwards++
		}
		s.jitter.sees(c, u.Revision == before)
		if s.watch != nil && u.Revision != before {
			s.watch.see(c, u)
		}
	}
}
