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
func (cs *Clients) dial(c *Client) {
	var err error
	if c.fd, err = tcpsocket.Dial(c.number, cs.server); err != nil {
		c.fd = -1
		cs.reconnectLater(c)
		return
	}
	c.state = connecting
	cs.dialing++
	if err := cs.control(syscall.EPOLL_CTL_ADD, c, syscall.EPOLLOUT); err != nil {
		cs.lose(c, err)
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
func (cs *Clients) control(op int, c *Client, events uint32) error {
	event := syscall.EpollEvent{Events: events, Fd: int32(c.number)}
	return syscall.EpollCtl(cs.epoll, op, c.fd, &event)
}

// upgrade sends the handshake when the connection is made, or could not be.
func (cs *Clients) upgrade(c *Client) {
	if err := tcpsocket.DialError(c.fd); err != nil {
		cs.lose(c, err)
		return
	}
	handshake := cs.handshake(c)
	cs.cuts.handshakeSent(c)
	if n, err := syscall.Write(c.fd, handshake); err != nil || n < len(handshake) {
		cs.lose(c, err)
		return
	}
	c.state = upgrading
	if err := cs.control(syscall.EPOLL_CTL_MOD, c, openEvents); err != nil {
		cs.lose(c, err)
	}
}

// handshake returns the handshake of a browser (RFC 6455 §4.1).
func (cs *Clients) handshake(c *Client) []byte {
	t := workload.Token{
		Epoch: cs.target.Epoch, Session: c.Session(), Views: cs.target.Views, Personal: cs.target.Personal, Revision: cs.PageRevision,
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
		t, cs.server, c.Session())
}

// receive reads a client's connection until it is empty, and until its end if
// this event is the last.
func (cs *Clients) receive(c *Client, last bool) {
	for more := true; more && c.state >= upgrading; {
		n, err := tcpsocket.Read(c.fd, cs.buffer)
		switch {
		case errors.Is(err, syscall.EAGAIN):
			return
		case err != nil || n == 0:
			cs.lose(c, cmp.Or(err, io.EOF))
			return
		}
		cs.parse(c, cs.buffer[:n])
		more = last || n == len(cs.buffer)
	}
}

// parse handles the complete frames in bytes of a client, and keeps the rest.
func (cs *Clients) parse(c *Client, b []byte) {
	if len(c.rest) > 0 {
		b = append(c.rest, b...)
	}
	if c.state == upgrading {
		b = cs.parseUpgrade(c, b)
	}
	for c.state == connected {
		f, n, err := wsframe.Parse(b)
		if err != nil {
			cs.lose(c, err)
			return
		}
		if n == 0 {
			break
		}
		cs.handleFrame(c, f)
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
func (cs *Clients) parseUpgrade(c *Client, b []byte) []byte {
	header, rest, complete := bytes.Cut(b, headerEnd)
	switch {
	case !complete:
		return b
	case !bytes.HasPrefix(header, switchingProtocols):
		cs.lose(c, "refused")
		return nil
	}
	c.state = connected
	c.attempts = 0
	cs.dialing--
	cs.open++
	cs.cuts.opened(c)
	if cs.target.Hello != "" {
		if _, err := syscall.Write(c.fd, wsframe.AppendMasked(nil, wsframe.OpText, []byte(cs.target.Hello))); err != nil {
			cs.lose(c, err)
		}
	}
	return rest
}

// handleFrame applies a message, answers a ping, or ends the connection.
func (cs *Clients) handleFrame(c *Client, f wsframe.Frame) {
	switch f.Opcode {
	case wsframe.OpText:
		cs.applyMessage(c, f.Payload)
	case wsframe.OpPing:
		cs.Counters.Pings++
		if _, err := syscall.Write(c.fd, wsframe.AppendMasked(nil, wsframe.OpPong, f.Payload)); err != nil {
			cs.lose(c, err)
		}
	case wsframe.OpClose:
		cs.lose(c, fmt.Sprintf("closed: %q", f.Payload))
	}
}

// applyMessage shows the updates of a message. A message without updates, the
// greeting of some servers, is not counted.
func (cs *Clients) applyMessage(c *Client, message []byte) {
	updates := cs.Counters.Updates
	for u, rest, ok := workload.NextUpdate(message); ok; u, rest, ok = workload.NextUpdate(rest) {
		cs.Counters.Updates++
		if u.View >= workload.MaxViews {
			continue
		}
		before := c.shown[u.View]
		c.shown[u.View] = u.Revision
		if u.Revision < before {
			cs.Counters.Backwards++
		}
		cs.cuts.updated(c, u.Revision == before)
		if cs.watch != nil && u.Revision != before {
			cs.watch.updated(c, u)
		}
	}
	if cs.Counters.Updates > updates {
		cs.Counters.Messages++
	}
}
