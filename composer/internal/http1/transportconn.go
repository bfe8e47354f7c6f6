package http1

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
)

// transportConn is a connection of an http.Transport.
type transportConn struct {
	net.Conn // the socket, or TLS over it
	socket   *watchedSocket
	head     headScanner
	requests int // sent, or about to be sent
}

func newTransportConn(conn net.Conn, socket *watchedSocket) *transportConn {
	c := &transportConn{Conn: conn, socket: socket, requests: 1}
	c.head.expectResponse()
	return c
}

func (c *transportConn) Read(p []byte) (int, error) {
	if c.head.err != nil {
		return 0, c.head.err
	}
	n, err := c.Conn.Read(p)
	if believed, doubt := c.head.scan(p[:n]); doubt != nil {
		return believed, doubt
	}
	return n, err
}

// CloseWrite ends one side of a WebSocket before the other side.
func (c *transportConn) CloseWrite() error { return closeWrite(c.Conn) }

// takesFirst reports whether the connection may be used for its first request. A
// server that has sent bytes already would stay one response ahead. Over TLS early
// bytes are allowed, because a server sends session tickets (RFC 8446 §4.6.1).
func (c *transportConn) takesFirst() bool {
	return c.Conn != net.Conn(c.socket) || c.socket.raw == nil || c.socket.beforeArrival(func() {})
}

// takesAnother reports whether the connection may be used for another request, by the
// rules of conn.finish and conn.isClean.
func (c *transportConn) takesAnother() bool {
	if c.requests == maxRequests || c.socket.raw == nil {
		return false
	}
	c.requests++
	return c.socket.beforeArrival(c.head.expectResponse)
}

// attempt is one attempt to send a request over an http.Transport. The transport does
// not ask whether its connection may be used, so an attempt over an unusable
// connection fails before any part of the request's body is read.
type attempt struct {
	refused bool // the connection was refused
	fresh   bool // the connection was made for the request
}

// traced returns the request to send.
func (a *attempt) traced(r *http.Request) *http.Request {
	trace := &httptrace.ClientTrace{GotConn: a.gotConn}
	out := r.WithContext(httptrace.WithClientTrace(r.Context(), trace))
	if r.Body != nil && r.Body != http.NoBody {
		out.Body = &attemptBody{r.Body, a}
	}
	return out
}

// gotConn decides whether a connection may be used, before the transport writes to it.
func (a *attempt) gotConn(info httptrace.GotConnInfo) {
	c := info.Conn.(*transportConn)
	a.fresh, a.refused = !info.Reused, false
	if a.fresh && c.takesFirst() || info.Reused && c.takesAnother() {
		return
	}
	a.refused = true
	_ = c.Close()
}

var errConnectionRefused = errors.New("the connection may not be used again")

// attemptBody is the body of a request in one attempt.
type attemptBody struct {
	io.ReadCloser
	attempt *attempt
}

func (b *attemptBody) Read(p []byte) (int, error) {
	if b.attempt.refused {
		return 0, errConnectionRefused
	}
	return b.ReadCloser.Read(p)
}

func (b *attemptBody) Close() error {
	if b.attempt.refused {
		return nil
	}
	return b.ReadCloser.Close()
}
