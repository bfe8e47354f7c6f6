//go:build linux

package wsclient

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

// A Client is a page with its connection.
type Client struct {
	number   int
	fd       int // -1: none
	state    state
	rest     []byte                   // start of a message that is incomplete
	shown    [workload.MaxViews]int64 // revisions of the views
	expected int                      // number of views that show the revision of the watch
	attempts int                      // to connect, since the last connection
	due      time.Time                // to dial, if the client waits for that
	slow     bool                     // a slow reader: its last view is personal
	asked    time.Time                // when the handshake was sent; zero: the first update has come
	cutAt    time.Time                // when the connection is cut
}

// A state is the progress of a connection.
type state uint8

const (
	disconnected state = iota
	connecting
	upgrading
	connected
)

// Session returns the session of the client's browser.
func (c *Client) Session() string { return fmt.Sprintf("%032x", c.number) }

// dial starts to connect a client.
func (s *Clients) dial(c *Client) {
	var err error
	if c.fd, err = tcpsocket.Dial(c.number, s.server); err != nil {
		c.fd = -1
		s.reconnectLater(c)
		return
	}
	c.state = connecting
	s.dialing++
	if err := s.control(syscall.EPOLL_CTL_ADD, c, syscall.EPOLLOUT); err != nil {
		s.lose(c, err)
	}
}

// edgeTriggered is EPOLLET of epoll(7). It spares the kernel a second look at
// each socket after an event. The constant of package syscall is negative.
const edgeTriggered = 1 << 31

// openEvents are the events of an open connection: data, and its end.
const openEvents = syscall.EPOLLIN | syscall.EPOLLRDHUP | edgeTriggered

// endEvents are the last events of a connection.
const endEvents = syscall.EPOLLRDHUP | syscall.EPOLLHUP | syscall.EPOLLERR

// control changes the events that epoll reports of a client.
func (s *Clients) control(op int, c *Client, events uint32) error {
	event := syscall.EpollEvent{Events: events, Fd: int32(c.number)}
	return syscall.EpollCtl(s.epoll, op, c.fd, &event)
}

// upgrade sends the handshake when the connection is made, or could not be.
func (s *Clients) upgrade(c *Client) {
	if err := tcpsocket.DialError(c.fd); err != nil {
		s.lose(c, err)
		return
	}
	handshake := s.handshake(c)
	s.cuts.handshakeSent(c)
	if n, err := syscall.Write(c.fd, handshake); err != nil || n < len(handshake) {
		s.lose(c, err)
		return
	}
	c.state = upgrading
	if err := s.control(syscall.EPOLL_CTL_MOD, c, openEvents); err != nil {
		s.lose(c, err)
	}
}

// handshake returns the handshake of a browser (RFC 6455 §4.1).
func (s *Clients) handshake(c *Client) []byte {
	t := workload.Token{
		Epoch: s.target.Epoch, Session: c.Session(), Views: s.target.Views, Personal: s.target.Personal, Revision: s.PageRevision,
	}
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
		t, s.server, c.Session())
}

// receive reads a client's connection until it is empty, and until its end if
// this event is the last.
func (s *Clients) receive(c *Client, last bool) {
	for more := true; more && c.state >= upgrading; {
		n, err := tcpsocket.Read(c.fd, s.buffer)
		switch {
		case errors.Is(err, syscall.EAGAIN):
			return
		case err != nil || n == 0:
			s.lose(c, cmp.Or(err, io.EOF))
			return
		}
		s.parse(c, s.buffer[:n])
		more = last || n == len(s.buffer)
	}
}

// parse handles the complete frames in bytes of a client, and keeps the rest.
func (s *Clients) parse(c *Client, b []byte) {
	if len(c.rest) > 0 {
		b = append(c.rest, b...)
	}
	if c.state == upgrading {
		b = s.parseUpgrade(c, b)
	}
	for c.state == connected {
		f, n, err := wsframe.Parse(b)
		if err != nil {
			s.lose(c, err)
			return
		}
		if n == 0 {
			break
		}
		s.handleFrame(c, f)
		b = b[n:]
	}
	c.rest = nil
	if len(b) > 0 {
		c.rest = slices.Clone(b)
	}
}

var (
	headerEnd          = []byte("\r\n\r\n")
	switchingProtocols = []byte("HTTP/1.1 101 ")
)

// parseUpgrade parses the response to the handshake, and returns the bytes
// behind it.
func (s *Clients) parseUpgrade(c *Client, b []byte) []byte {
	header, rest, complete := bytes.Cut(b, headerEnd)
	switch {
	case !complete:
		return b
	case !bytes.HasPrefix(header, switchingProtocols):
		s.lose(c, "refused")
		return nil
	}
	c.state = connected
	c.attempts = 0
	s.dialing--
	s.open++
	s.cuts.opened(c)
	if s.target.Hello != "" {
		if _, err := syscall.Write(c.fd, wsframe.AppendMasked(nil, wsframe.OpText, []byte(s.target.Hello))); err != nil {
			s.lose(c, err)
		}
	}
	return rest
}

// handleFrame applies a message, answers a ping, or ends the connection.
func (s *Clients) handleFrame(c *Client, f wsframe.Frame) {
	switch f.Opcode {
	case wsframe.OpText:
		s.applyMessage(c, f.Payload)
	case wsframe.OpPing:
		s.Counters.Pings++
		if _, err := syscall.Write(c.fd, wsframe.AppendMasked(nil, wsframe.OpPong, f.Payload)); err != nil {
			s.lose(c, err)
		}
	case wsframe.OpClose:
		s.lose(c, fmt.Sprintf("closed: %q", f.Payload))
	}
}

// applyMessage shows the updates of a message. A message without updates, the
// greeting of some servers, is not counted.
func (s *Clients) applyMessage(c *Client, message []byte) {
	updates := s.Counters.Updates
	for u, rest, ok := workload.NextUpdate(message); ok; u, rest, ok = workload.NextUpdate(rest) {
		s.Counters.Updates++
		if u.View >= workload.MaxViews {
			continue
		}
		before := c.shown[u.View]
		c.shown[u.View] = u.Revision
		if u.Revision < before {
			s.Counters.Backwards++
		}
		s.cuts.updated(c, u.Revision == before)
		if s.watch != nil && u.Revision != before {
			s.watch.updated(c, u)
		}
	}
	if s.Counters.Updates > updates {
		s.Counters.Messages++
	}
}
