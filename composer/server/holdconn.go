package server

import (
	"net"
	"sync"
	"sync/atomic"
)

// listener accepts connections that can hold small writes back.
type listener struct{ net.Listener }

// Accept returns a *conn for a TCP connection, and any other connection unchanged.
func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if direct, ok := c.(*net.TCPConn); ok {
		return &conn{TCPConn: direct}, err
	}
	return c, err
}

// conn is a TCP connection that holds the small parts of a response back until a large
// part is written, and writes all of them with one system call.
type conn struct {
	*net.TCPConn
	held atomic.Pointer[held] // nil while nothing is held back
}

// NetConn returns the TCP connection, as [crypto/tls.Conn] does.
func (c *conn) NetConn() net.Conn { return c.TCPConn }

// hold holds small parts back until release. Writes must not be concurrent, but may come
// from different goroutines: net/http sends 100 (Continue) from the goroutine that reads
// the body, while the handler waits.
func (c *conn) hold() { c.held.Store(holders.Get().(*held)) }

// release writes the held parts, and ends the holding back.
func (c *conn) release() error {
	h := c.held.Swap(nil)
	var err error
	if len(h.parts) > 0 {
		_, err = c.TCPConn.Write(h.parts)
	}
	h.parts = h.parts[:0]
	holders.Put(h)
	return err
}

// Write holds p back if the buffer has room. Otherwise it writes the held parts and p
// together.
func (c *conn) Write(p []byte) (int, error) {
	switch h := c.held.Load(); {
	case h == nil:
		return c.TCPConn.Write(p)
	case len(h.parts)+len(p) <= cap(h.parts):
		h.parts = append(h.parts, p...)
		return len(p), nil
	default:
		return h.writeWith(c.TCPConn, p)
	}
}

// held holds the small parts of a response, and the buffers for writing them together
// with a large part.
type held struct {
	parts []byte
	both  [2][]byte
	left  net.Buffers // of both
}

var holders = sync.Pool{New: func() any { return &held{parts: make([]byte, 0, bufferSize)} }}

// writeWith writes the held parts, and then p, with one system call.
func (h *held) writeWith(c *net.TCPConn, p []byte) (int, error) {
	before := len(h.parts)
	h.both = [2][]byte{h.parts, p}
	h.left = h.both[:]
	n, err := h.left.WriteTo(c)
	h.parts, h.both, h.left = h.parts[:0], [2][]byte{}, nil
	return max(int(n)-before, 0), err
}
