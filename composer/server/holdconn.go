package server

import (
	"net"
	"sync"
	"sync/atomic"
)

// listener is one whose connections can hold what is written to them.
type listener struct{ net.Listener }

// Accept returns a connection that can hold, if it is one of TCP.
func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if direct, ok := c.(*net.TCPConn); ok {
		return &conn{TCPConn: direct}, err
	}
	return c, err
}

// conn is a connection on which the small parts of an answer can be held until
// a large one is written, with which they leave in one call to the system.
type conn struct {
	*net.TCPConn
	held atomic.Pointer[held] // nil: it holds nothing back
}

// NetConn returns the connection below, as that of a [crypto/tls.Conn] does.
func (c *conn) NetConn() net.Conn { return c.TCPConn }

// hold has small parts held, until release. Only one goroutine at a time may
// write, but another may when it begins: net/http sends 100 (Continue) when the
// body of a request is read, and waits with the answer meanwhile.
func (c *conn) hold() { c.held.Store(holders.Get().(*held)) }

// release writes what is still held.
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

// Write writes p with what is held, or holds it.
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

// held are small parts of an answer, and what it takes to write them with
// another one.
type held struct {
	parts []byte
	both  [2][]byte
	left  net.Buffers // of both
}

var holders = sync.Pool{New: func() any { return &held{parts: make([]byte, 0, bufferSize)} }}

// writeWith writes what is held, and then p.
func (h *held) writeWith(c *net.TCPConn, p []byte) (int, error) {
	before := len(h.parts)
	h.both = [2][]byte{h.parts, p}
	h.left = h.both[:]
	n, err := h.left.WriteTo(c)
	h.parts, h.both, h.left = h.parts[:0], [2][]byte{}, nil
	return max(int(n)-before, 0), err
}
