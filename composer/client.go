package composer

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

// dialer makes a connection, as that of net.Dialer does. What a client may
// reach is decided here and nowhere else.
type dialer func(ctx context.Context, network, address string) (net.Conn, error)

// client sends requests by HTTP/1.1 that are a GET without a body, and no
// others. It is an http.RoundTripper for fragments and documents, where a page
// sends dozens: http.Transport has two goroutines for each connection and hands
// every request and answer from one to the other, while here the goroutine that
// asks writes and reads.
//
// It follows no redirect, decodes nothing, takes no proxy from the environment,
// says nothing of its own in a request but what Host and the request line are,
// and calls of httptrace only Got1xxResponse. An error is that of the request's
// context as soon as that has ended. It is safe for concurrent use.
type client struct {
	dial    dialer
	tls     *tls.Config   // nil: what the system trusts
	timeout time.Duration // of a handshake
	// patience is how long the header of an answer is waited for, besides what
	// the request's context allows; 0: as long as that.
	patience time.Duration
	idle     *idle
}

// newClient returns a client that keeps a number of idle connections to each
// server. timeout bounds the handshake of a connection by https; that of TCP is
// for the dialer.
func newClient(dial dialer, timeout time.Duration, keep int) *client {
	return &client{dial: dial, timeout: timeout, idle: newIdle(keep)}
}

// waiting returns a client with the same connections that waits so long for the
// header of an answer.
func (c *client) waiting(patience time.Duration) *client {
	with := *c
	with.patience = patience
	return &with
}

// CloseIdleConnections closes the connections that wait for a request, and those
// in use as soon as they are not, unless there are more requests.
func (c *client) CloseIdleConnections() { c.idle.close() }

// server is who is at the other end of a connection. Connections are never
// shared between names, even if they lead to one address: a name that others
// control would reuse what another was allowed, and what they left on it.
type server struct {
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
func (c *client) RoundTrip(r *http.Request) (*http.Response, error) { return c.ask(r, nil) }

// ask is RoundTrip for a request that has more fields than those of its header,
// if more is not nil.
func (c *client) ask(r *http.Request, more *query) (*http.Response, error) {
	text := texts.Get().(*[]byte)
	defer texts.Put(text)
	var err error
	if *text, err = appendRequest((*text)[:0], r, more); err != nil {
		return nil, err
	}
	ctx, to := r.Context(), server{r.URL.Scheme == "https", r.URL.Host}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if kept := c.idle.take(to); kept != nil {
		res, err := kept.exchange(r, *text, c.patience)
		if err == nil || kept.answered || ctx.Err() != nil || !unanswered(err) {
			return res, err
		}
	}
	fresh, err := c.connect(r, to)
	if err != nil {
		return nil, contextError(ctx, &unreachableError{err})
	}
	return fresh.exchange(r, *text, c.patience)
}

// texts are for requests on their way out.
var texts = sync.Pool{New: func() any {
	b := make([]byte, 0, 1<<10)
	return &b
}}

// connect makes a connection.
func (c *client) connect(r *http.Request, to server) (*connection, error) {
	ctx := r.Context()
	socket, err := c.dial(ctx, "tcp", dialedAddress(r.URL))
	if err != nil {
		return nil, err
	}
	link := newConnection(socket, to, c.idle)
	switch {
	case to.secure:
		link.socket, err = c.secure(ctx, socket, r.URL.Hostname())
	case link.silent != nil && !link.silent():
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
		port = defaultPort(u.Scheme)
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// secure does the handshake of TLS. It names the protocol that will be spoken
// (RFC 7301), so that nobody can lead the connection to a server of another one
// that has a certificate for the host, and have it read a request as its own
// (ALPACA).
func (c *client) secure(ctx context.Context, socket net.Conn, host string) (net.Conn, error) {
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
