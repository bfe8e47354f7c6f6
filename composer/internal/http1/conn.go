package http1

import (
	"bufio"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"time"

	"selvedge/composer/internal/header"
)

// conn is a connection to a server. One goroutine at a time uses it, from connPool.get
// or newConn until finish, which closes the connection or puts it into the pool.
type conn struct {
	socket net.Conn
	// isSilent reports whether no bytes and no end have arrived; nil: unknown.
	isSilent  func() bool
	reader    *bufio.Reader
	to        serverName
	pool      *connPool // of the client
	idleSince time.Time
	readLimit int64 // bytes that may be read
	head      headScanner
	// requests is the number of requests sent, at most maxRequests.
	requests int

	// interrupt makes all reads and writes fail.
	interrupt func()
	// stopInterrupt detaches interrupt from the context. It reports whether the
	// connection was not interrupted.
	stopInterrupt func() bool
	answered      bool // a byte of the response has arrived
}

func newConn(socket net.Conn, to serverName, home *connPool) *conn {
	c := &conn{socket: socket, isSilent: silenceCheck(socket), to: to, pool: home}
	c.reader = bufio.NewReader(c)
	c.interrupt = func() { _ = c.socket.SetDeadline(past) }
	return c
}

// maxRequests bounds the requests over one connection, so that a disagreement of server
// and client about which response belongs to which request comes to an end.
const maxRequests = 1000

// maxHeader bounds the header of a response, including the informational responses
// before it, in bytes.
const maxHeader = 256 << 10

// MaxInformational bounds the informational responses before a response, whether or
// not a trace receives them.
const MaxInformational = 100

// past is a deadline in the past.
var past = time.Unix(1, 0)

// Errors for a response that ends its connection.
var (
	// ErrInformational reports more than MaxInformational informational responses.
	ErrInformational = errors.New("too many informational responses came instead of an answer")

	errHeaderTooLarge  = errors.New("the header of the answer is too large")
	errUnasked         = errors.New("the server answers what it was not asked")
	errFieldName       = errors.New("a field of the answer has a name that is none")
	errProtocolSwitch  = errors.New("the protocol was switched, which was not asked for")
	errReadAfterClosed = errors.New("the body of the answer was closed")
)

// exchange sends a request, whose text is ready to be written, and returns the
// response. The use of the connection ends with the response's body, or with an error.
func (c *conn) exchange(r *http.Request, text []byte, headerTimeout time.Duration) (*http.Response, error) {
	ctx := r.Context()
	c.answered, c.stopInterrupt = false, nil
	c.requests++
	c.head.expectResponse()
	if ctx.Done() != nil {
		c.stopInterrupt = context.AfterFunc(ctx, c.interrupt)
	}
	res, err := c.roundTrip(r, text, headerTimeout)
	if err != nil {
		c.finish(false)
		return nil, cmp.Or(context.Cause(ctx), err)
	}
	options := r.Header["Connection"]
	reusable := res.ProtoMajor == 1 && res.ProtoMinor >= 1 && !res.Close && c.isSilent != nil &&
		(len(options) == 0 || !header.HasListElement(options, "close"))
	if res.Body == http.NoBody {
		c.finish(reusable)
		return res, nil
	}
	res.Body = &responseBody{body: res.Body, connection: c, reusable: reusable, request: r}
	return res, nil
}

// roundTrip sends a request and reads the header of its response.
func (c *conn) roundTrip(r *http.Request, text []byte, headerTimeout time.Duration) (*http.Response, error) {
	if _, err := c.socket.Write(text); err != nil {
		return nil, err
	}
	if headerTimeout == 0 {
		return c.readHeader(r)
	}
	// interrupt sets a deadline, too. It does so after the context has ended, so that
	// checking the context afterwards shows which deadline is set.
	end := time.Now().Add(headerTimeout)
	_ = c.socket.SetReadDeadline(end)
	if r.Context().Err() != nil {
		return nil, r.Context().Err()
	}
	res, err := c.readHeader(r)
	if err != nil && !time.Now().Before(end) { // the parser may report the truncated line instead
		return nil, fmt.Errorf("no answer came for %s: %w", headerTimeout, context.DeadlineExceeded)
	}
	_ = c.socket.SetReadDeadline(time.Time{})
	if r.Context().Err() != nil {
		return nil, r.Context().Err()
	}
	return res, err
}

// readHeader reads the header of a response, and the informational responses before it
// (RFC 9110 §15.2). It uses the parser of net/http: response smuggling needs two
// parsers that disagree, above all on the end of a body, and no parser is reviewed as
// widely.
func (c *conn) readHeader(r *http.Request) (*http.Response, error) {
	c.readLimit = maxHeader
	if _, err := c.reader.Peek(1); err != nil {
		return nil, err
	}
	c.answered = true
	for range MaxInformational + 1 {
		res, err := http.ReadResponse(c.reader, r)
		switch {
		case err != nil:
			return nil, err
		case res.StatusCode == http.StatusSwitchingProtocols:
			return nil, errProtocolSwitch
		case res.StatusCode < 100 || res.StatusCode > 199:
			c.readLimit = math.MaxInt64
			return res, checkNames(res.Header)
		}
		trace := httptrace.ContextClientTrace(r.Context())
		if trace == nil || trace.Got1xxResponse == nil {
			continue
		}
		if err := trace.Got1xxResponse(res.StatusCode, textproto.MIMEHeader(res.Header)); err != nil {
			return nil, err
		}
	}
	return nil, ErrInformational
}

// checkNames returns an error if a field has an invalid name. net/http keeps the name
// in "Content-Length : 5", but a server in front of the sender may strip the space and
// read a length, with which an attacker smuggles a response (RFC 9112 §5.1).
func checkNames(h http.Header) error {
	for name := range h {
		if !header.IsToken(name) {
			return fmt.Errorf("%w: %.40q", errFieldName, name)
		}
	}
	return nil
}

// Read reads from the socket. It is for the connection's bufio.Reader.
func (c *conn) Read(p []byte) (int, error) {
	if c.readLimit <= 0 {
		return 0, errHeaderTooLarge
	}
	if c.head.err != nil {
		return 0, c.head.err
	}
	n, err := c.socket.Read(p[:min(int64(len(p)), c.readLimit)])
	c.readLimit -= int64(n)
	if believed, doubt := c.head.scan(p[:n]); doubt != nil {
		return believed, doubt
	}
	return n, err
}

// isClean reports whether nothing has arrived on the idle connection. Bytes that
// arrive without a request would be read as the response to the next request, and the
// true response as the response to the request after it (response queue poisoning): a
// visitor would get the response for another visitor.
func (c *conn) isClean() bool {
	if !c.isSilent() {
		return false
	}
	secured, ok := c.socket.(*tls.Conn)
	if !ok {
		return true
	}
	// The TLS layer may hold decrypted bytes. A Read that fails at its deadline leaves
	// the layer intact.
	var one [1]byte
	_ = secured.SetReadDeadline(past)
	n, err := secured.Read(one[:])
	_ = secured.SetReadDeadline(time.Time{})
	var timeout net.Error
	return n == 0 && errors.As(err, &timeout) && timeout.Timeout()
}

// finish puts the connection into the pool, or closes it. It is put into the pool if
//
//   - reusable is true;
//   - it has carried fewer than maxRequests requests;
//   - the request's context has not interrupted it;
//   - no bytes are left in its reader, because bytes after the end of a response
//     belong to no request;
//   - the pool has room.
func (c *conn) finish(reusable bool) {
	if c.stopInterrupt != nil && !c.stopInterrupt() {
		reusable = false
	}
	if !reusable || c.requests >= maxRequests || c.reader.Buffered() > 0 || !c.pool.put(c) {
		_ = c.socket.Close()
	}
}
