package http1

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// Client is an http.RoundTripper by HTTP/1.1 for GET requests without a body, and for
// no others. It is for fragments and documents, of which a page requests dozens:
// http.Transport has two goroutines for each connection and hands every request and
// response between goroutines, whereas a Client writes and reads in the goroutine of
// its caller.
//
//   - It follows no redirect and removes no content coding.
//   - It takes no proxy from the environment.
//   - It adds no header field except Host.
//   - Of httptrace it calls only Got1xxResponse.
//   - Once the request's context has ended, the error is the cause of the context.
//
// It is safe for concurrent use.
type Client struct {
	Dial    Dialer
	tls     *tls.Config   // nil: the certificates of the system
	timeout time.Duration // of a TLS handshake
	// headerTimeout bounds the wait for the header of a response, beside the request's
	// context; 0: no bound of its own.
	headerTimeout time.Duration
	pool          *connPool
}

// Dialer makes a connection, as net.Dialer does. It alone decides which addresses a
// client may reach.
type Dialer func(ctx context.Context, network, address string) (net.Conn, error)

// New returns a client that keeps up to keep idle connections for each server. timeout
// bounds the TLS handshake of a connection; the dialer bounds the TCP handshake.
func New(dial Dialer, timeout time.Duration, keep int) *Client {
	return &Client{Dial: dial, timeout: timeout, pool: newConnPool(keep)}
}

// WithHeaderTimeout returns a client with the same connections that waits at most
// headerTimeout for the header of a response. After that the error is a
// context.DeadlineExceeded.
func (c *Client) WithHeaderTimeout(headerTimeout time.Duration) *Client {
	with := *c
	with.headerTimeout = headerTimeout
	return &with
}

// CloseIdleConnections closes the idle connections. A connection in use is closed
// after its response, unless another request comes first.
func (c *Client) CloseIdleConnections() { c.pool.close() }

// RoundTrip sends a request and returns the response, whose body must be closed or
// read to its end.
//
// The server may close an idle connection at the moment when a request is sent, which
// is a failure of neither side. A request lost on an idle connection without a byte of
// a response is therefore sent once more, on a fresh connection. The retry is safe
// because a GET is idempotent (RFC 9112 §9.3.1).
func (c *Client) RoundTrip(r *http.Request) (*http.Response, error) { return c.Do(r, nil) }

// Do is RoundTrip with the fields of more in addition to the request's header. more
// may be nil.
func (c *Client) Do(r *http.Request, more Appender) (*http.Response, error) {
	text := writeBuffers.Get().(*[]byte)
	defer writeBuffers.Put(text)
	var err error
	if *text, err = appendRequest((*text)[:0], r, more); err != nil {
		return nil, err
	}
	ctx, to := r.Context(), serverName{r.URL.Scheme == "https", r.URL.Host}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if kept := c.pool.get(to); kept != nil {
		res, err := kept.exchange(r, *text, c.headerTimeout)
		if err == nil || kept.answered || ctx.Err() != nil || !IsUnanswered(err) {
			return res, err
		}
	}
	fresh, err := c.connect(r, to)
	if err != nil {
		return nil, cmp.Or[error](context.Cause(ctx), &UnreachableError{err})
	}
	return fresh.exchange(r, *text, c.headerTimeout)
}

// serverName is the server of a connection. Names never share a connection, even if
// they have the same address: a name under an attacker's control would use a
// connection made with the permissions of another name, and find the bytes left in it.
type serverName struct {
	secure bool
	host   string // of the URL, with its port if present
}

// connect makes a connection for a request.
func (c *Client) connect(r *http.Request, to serverName) (*conn, error) {
	ctx := r.Context()
	socket, err := c.Dial(ctx, "tcp", dialedAddress(r.URL))
	if err != nil {
		return nil, err
	}
	link := newConn(socket, to, c.pool)
	switch {
	case to.secure:
		link.socket, err = c.secure(ctx, socket, r.URL.Hostname())
	case link.isSilent != nil && !link.isSilent():
		err = errUnasked // the bytes would be read as the response to the first request
	}
	if err != nil {
		_ = socket.Close()
		return nil, fmt.Errorf("connecting with %s: %w", to.host, err)
	}
	return link, nil
}

// secure does the TLS handshake. It names HTTP/1.1 as the protocol (RFC 7301), because
// an attacker could otherwise redirect the connection to a server of another protocol
// with a certificate for the host, which would read a request as its own (ALPACA).
func (c *Client) secure(ctx context.Context, socket net.Conn, host string) (net.Conn, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if c.tls != nil {
		config = c.tls.Clone()
	}
	if config.ServerName == "" {
		config.ServerName = host
	}
	config.NextProtos = []string{"http/1.1"}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	secured := tls.Client(socket, config)
	return secured, secured.HandshakeContext(ctx)
}

// dialedAddress returns the host and port of a URL.
func dialedAddress(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = "80"
		if u.Scheme == "https" {
			port = "443"
		}
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// writeBuffers has buffers for requests to be written.
var writeBuffers = sync.Pool{New: func() any {
	b := make([]byte, 0, 1<<10)
	return &b
}}

var errNoGet = errors.New("the request is no GET without a body")
