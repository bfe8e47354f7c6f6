package https

import (
	"crypto/tls"
	"errors"
	"net"
)

// NewListener returns a listener of TLS connections, for http.Server.Serve. All listeners of
// a certificate take each other's tickets of sessions.
//
// A connection whose first byte does not begin a TLS handshake is taken for plain HTTP/1.
// Its request is answered within the time that the server has for a handshake, on the
// connection's goroutine, and the connection is closed:
//
//   - 308 redirects the request to https, with its host, path and query.
//   - 400 answers a request without a host or a path.
//   - 431 answers a header of more than 64 KiB.
//
// The log of the server has a failed handshake for such a connection.
func NewListener(l net.Listener, c *Certificate) net.Listener {
	return tls.NewListener(listener{l}, c.config)
}

// listener accepts connections that notice plain HTTP.
type listener struct{ net.Listener }

// Accept returns a *conn.
func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &conn{Conn: c}, nil
}

// recordHandshake is the type of the first record of a TLS connection (RFC 8446 §5.1).
const recordHandshake = 22

// errPlain ends the handshake of a plain connection.
var errPlain = errors.New("the client sent plain HTTP, and was answered")

// conn is a connection below TLS.
type conn struct {
	net.Conn
	begun bool // the first byte was TLS
}

// NetConn returns the connection below, as that of tls.Conn does.
func (c *conn) NetConn() net.Conn { return c.Conn }

// Read answers a client of plain HTTP at the first read, and returns errPlain.
func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if c.begun || n == 0 {
		return n, err
	}
	if p[0] != recordHandshake {
		answerPlain(c.Conn, p[:n])
		return 0, errPlain
	}
	c.begun = true
	return n, err
}
