package http1

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// Transport is an http.RoundTripper for the requests that a Client does not send. It
// sends them by http.Transport, but accepts the same responses as a Client (see
// conn.readHeader), because the validity of a response must not depend on the method,
// and reuses a connection under the same conditions.
//
// It is safe for concurrent use.
type Transport struct{ through *http.Transport }

// NewTransport returns a transport that makes connections as the client does, and
// keeps up to idle connections for each server.
func NewTransport(c *Client, idle int) *Transport {
	return &Transport{&http.Transport{
		DialContext:            c.dialTransport,
		DialTLSContext:         c.dialTransportTLS,
		MaxIdleConnsPerHost:    idle,
		IdleConnTimeout:        idleTime,
		DisableCompression:     true, // the composer asks for the codings that it can decode
		ExpectContinueTimeout:  expectTimeout,
		MaxResponseHeaderBytes: maxHeader,
	}}
}

// WithHeaderTimeout returns a transport with connections of its own that waits at most
// headerTimeout for the header of a response.
func (t *Transport) WithHeaderTimeout(headerTimeout time.Duration) *Transport {
	through := t.through.Clone()
	through.ResponseHeaderTimeout = headerTimeout
	return &Transport{through}
}

// CloseIdleConnections closes the idle connections.
func (t *Transport) CloseIdleConnections() { t.through.CloseIdleConnections() }

// expectTimeout bounds the wait for 100 Continue or a response before a body is sent.
// A source may not know the expectation (RFC 9110 §10.1.1); clients wait as long for
// the same reason.
const expectTimeout = time.Second

func (c *Client) dialTransport(ctx context.Context, network, address string) (net.Conn, error) {
	socket, err := c.Dial(ctx, network, address)
	if err != nil {
		return nil, &UnreachableError{err}
	}
	watched := newWatchedSocket(socket)
	return newTransportConn(watched, watched), nil
}

func (c *Client) dialTransportTLS(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	socket, err := c.Dial(ctx, network, address)
	if err != nil {
		return nil, &UnreachableError{err}
	}
	watched := newWatchedSocket(socket)
	secured, err := c.secure(ctx, watched, host)
	if err != nil {
		_ = socket.Close()
		return nil, &UnreachableError{fmt.Errorf("connecting with %s: %w", address, err)}
	}
	return newTransportConn(secured, watched), nil
}

// RoundTrip sends a request and returns the response, whose body must be closed.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	for {
		try := new(attempt)
		res, err := t.through.RoundTrip(try.traced(r))
		switch {
		case err == nil:
			res.Request = r
			return checkedResponse(res)
		case !try.refused:
			return nil, err
		case try.fresh:
			closeBody(r)
			return nil, errUnasked
		}
	}
}

func closeBody(r *http.Request) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
}

func checkedResponse(res *http.Response) (*http.Response, error) {
	err := checkNames(res.Header)
	if res.StatusCode < http.StatusContinue { // net/http cannot write such a status
		err = fmt.Errorf("the answer has the status %03d", res.StatusCode)
	}
	if err != nil {
		_ = res.Body.Close()
		return nil, err
	}
	return res, nil
}

// Do is RoundTrip with the fields of more in addition to the request's header. more may
// be nil.
func (t *Transport) Do(r *http.Request, more Appender) (*http.Response, error) {
	if more == nil {
		return t.RoundTrip(r)
	}
	out := r.WithContext(r.Context())
	if out.Header = r.Header.Clone(); out.Header == nil {
		out.Header = make(http.Header)
	}
	for line := range strings.Lines(string(more.AppendTo(nil))) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		out.Header[name] = append(out.Header[name], value)
	}
	return t.RoundTrip(out)
}
