package http1

import (
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

// Dialer makes a connection, as that of net.Dialer does. What a client may
// reach is decided here and nowhere else.
type Dialer func(ctx context.Context, network, address string) (net.Conn, error)

// Client sends requests by HTTP/1.1 that are a GET without a body, and no
// others. It is an http.RoundTripper for fragments and documents, where a page
// sends dozens: http.Transport has two goroutines for each connection and hands
// every request and answer from one to the other, while here the goroutine that
// asks writes and reads.
//
// It follows no redirect, decodes nothing, takes no proxy from the environment,
// says nothing of its own in a request but what Host and the request line are,
// and calls of httptrace only Got1xxResponse. An error is that of the request's
// context as soon as that has ended. It is safe for concurrent use.
type Client struct {
	Dial    Dialer
	tls     *tls.Config   // nil: what the system trusts
	timeout time.Duration // of a handshake
	// headerTimeout is how long the header of an answer is waited for, besides what
	// the request's context allows; 0: as long as that.
	headerTimeout time.Duration
	pool          *connPool
}

// New returns a client that keeps a number of idle connections to each
// server. timeout bounds the handshake of a connection by https; that of TCP is
// for the dialer.
func New(dial Dialer, timeout time.Duration, keep int) *Client {
	return &Client{Dial: dial, timeout: timeout, pool: newConnPool(keep)}
}

// WithHeaderTimeout returns a client with the same connections that waits so long for the
// header of an answer.
func (c *Client) WithHeaderTimeout(patience time.Duration) *Client {
	with := *c
	with.headerTimeout = patience
	return &with
}

// CloseIdleConnections closes the connections that wait for a request, and those
// in use as soon as they are not, unless there are more requests.
func (c *Client) CloseIdleConnections() { c.pool.close() }

// serverName is who is at the other end of a connection. Connections are never
// shared between names, even if they lead to one address: a name that others
// control would reuse what another was allowed, and what they left on it.
type serverName struct {
	secure bool
	host   string // of the URL, with its port if that has one
}

// RoundTrip sends a request and returns the answer, whose body must be closed
// or read to its end.
//
// A connection that was idle may have been closed by the server in the moment
// when the request was sent, which is no failure of either. So a request that
// is lost there without a byte of an answer is sent once more, on a connection
// of its own. That is right for a GET, and only for what is like it (RFC 9112
// §9.3.1).
func (c *Client) RoundTrip(r *http.Request) (*http.Response, error) { return c.Do(r, nil) }

// Do is RoundTrip for a request that has more fields than those of its header,
// if more is not nil.
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
		if err == nil || kept.answered || ctx.Err() != nil || !Unanswered(err) {
			return res, err
		}
	}
	fresh, err := c.connect(r, to)
	if err != nil {
		return nil, ContextError(ctx, &UnreachableError{err})
	}
	return fresh.exchange(r, *text, c.headerTimeout)
}

// writeBuffers are for requests on their way out.
var writeBuffers = sync.Pool{New: func() any {
	b := make([]byte, 0, 1<<10)
	return &b
}}

// connect makes a connection.
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
		err = errUnasked // or all that follows would be read as the answer to the request before
	}
	if err != nil {
		_ = socket.Close()
		return nil, fmt.Errorf("connecting with %s: %w", to.host, err)
	}
	return link, nil
}

// dialedAddress is the host and port of a URL.
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

// secure does the handshake of TLS. It names the protocol that will be spoken
// (RFC 7301), so that nobody can lead the connection to a server of another one
// that has a certificate for the host, and have it read a request as its own
// (ALPACA).
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

var errNoGet = errors.New("the request is no GET without a body")
