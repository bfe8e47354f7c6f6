package http1

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

// NewTransport returns a transport to other processes, for the requests that a
// client does not send. It makes connections as the client does. Its responses
// are those of RoundTrip.
func NewTransport(c *Client, idle int) *http.Transport {
	return &http.Transport{
		DialContext:            c.dialTransport,
		DialTLSContext:         c.dialTransportTLS,
		MaxIdleConnsPerHost:    idle,
		IdleConnTimeout:        idleTime,
		DisableCompression:     true, // we ask for what we can decode
		ExpectContinueTimeout:  expectTimeout,
		MaxResponseHeaderBytes: maxHeader,
	}
}

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

// RoundTrip sends a request over a transport of NewTransport, and takes no
// response that a client would not take (see connection.header): whether a
// response is one must not depend on the method. A connection that a client would
// not use again is not used again either.
func RoundTrip(transport *http.Transport, r *http.Request) (*http.Response, error) {
	for {
		try := new(attempt)
		res, err := transport.RoundTrip(try.of(r))
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
	if res.StatusCode < http.StatusContinue { // which net/http cannot write
		err = fmt.Errorf("the answer has the status %03d", res.StatusCode)
	}
	if err != nil {
		_ = res.Body.Close()
		return nil, err
	}
	return res, nil
}

// expectTimeout is how long a source may take to say 100 Continue or to answer
// before it is sent a body that it was asked about: it may know nothing of the
// expectation (RFC 9110 §10.1.1). Clients wait as long for the same reason.
const expectTimeout = time.Second
