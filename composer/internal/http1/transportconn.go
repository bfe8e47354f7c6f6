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
	net.Conn // socket, or TLS over it
	socket   *watchedSocket
	head     headScanner
	requests int // that were sent, or are about to be
}

func newTransportConn(conn net.Conn, socket *watchedSocket) *transportConn {
	c := &transportConn{Conn: conn, socket: socket, requests: 1}
	c.head.begin()
	return c
}

func (c *transportConn) Read(p []byte) (int, error) {
	if c.head.doubt != nil {
		return 0, c.head.doubt
	}
	n, err := c.Conn.Read(p)
	if believed, doubt := c.head.scan(p[:n]); doubt != nil {
		return believed, doubt
	}
	return n, err
}

// CloseWrite lets one side of a WebSocket end before the other.
func (c *transportConn) CloseWrite() error { return closeWrite(c.Conn) }

// takesFirst reports whether the connection may be used for the first request. A
// server that has spoken already would be one response ahead from then on. Over
// TLS it may have: with tickets for sessions (RFC 8446 §4.6.1).
func (c *transportConn) takesFirst() bool {
	return c.Conn != net.Conn(c.socket) || c.socket.raw == nil || c.socket.beforeArrival(func() {})
}

// takesAnother reports whether the connection may be used for another request,
// as connection.end and connection.quiet decide it for the connections of a
// client.
func (c *transportConn) takesAnother() bool {
	if c.requests == maxRequests || c.socket.raw == nil {
		return false
	}
	c.requests++
	return c.socket.beforeArrival(c.head.begin)
}

// attempt is one of sending a request over an http.Transport, which does not ask
// whether the connection that it has chosen may be used. If it may not, the
// attempt fails before any of the request's body was read.
type attempt struct {
	refused bool // the connection was
	fresh   bool // the connection was made for the request
}

// of returns the request to send.
func (a *attempt) of(r *http.Request) *http.Request {
	trace := &httptrace.ClientTrace{GotConn: a.gotConn}
	out := r.WithContext(httptrace.WithClientTrace(r.Context(), trace))
	if r.Body != nil && r.Body != http.NoBody {
		out.Body = &attemptBody{r.Body, a}
	}
	return out
}

// gotConn decides whether a connection is used, before the transport writes to
// it.
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
