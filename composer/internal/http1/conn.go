package http1

import (
	"bufio"
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

// MaxInformational bounds the informational responses before an answer, whoever
// is told of them.
const MaxInformational = 100

// maxRequests bounds the requests over one connection. If a server and we should
// ever disagree on which response is for which request, the connection ends all
// the same.
const maxRequests = 1000

// What a server can do that ends its connection.
var (
	errHeaderTooLarge  = errors.New("the header of the answer is too large")
	ErrInformational   = errors.New("too many informational responses came instead of an answer")
	errUnasked         = errors.New("the server answers what it was not asked")
	errFieldName       = errors.New("a field of the answer has a name that is none")
	errProtocolSwitch  = errors.New("the protocol was switched, which was not asked for")
	errReadAfterClosed = errors.New("the body of the answer was closed")
)

// conn is one to a server. One goroutine at a time uses it: who has taken
// it, until it is ended, which closes it or gives it back.
type conn struct {
	socket   net.Conn
	isSilent func() bool // whether nothing has come through the socket, not even its end; nil: that is not known
	reader   *bufio.Reader
	to       serverName
	pool     *connPool // where it belongs when it is not in use
	since    time.Time
	left     int64 // how many bytes may be read
	head     headScanner
	// requests are those that were sent, at most maxRequests.
	requests int

	// interrupt makes all reading and writing fail.
	interrupt func()
	// release ends the interrupting. It reports whether there was none.
	release  func() bool
	answered bool // a byte of the answer has come
}

func newConn(socket net.Conn, to serverName, home *connPool) *conn {
	c := &conn{socket: socket, isSilent: silenceCheck(socket), to: to, pool: home}
	c.reader = bufio.NewReader(c)
	c.interrupt = func() { _ = c.socket.SetDeadline(past) }
	return c
}

// past is a deadline that has passed.
var past = time.Unix(1, 0)

// Read reads from the socket, for the reader of the connection.
func (c *conn) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, errHeaderTooLarge
	}
	if c.head.doubt != nil {
		return 0, c.head.doubt
	}
	n, err := c.socket.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	if believed, doubt := c.head.scan(p[:n]); doubt != nil {
		return believed, doubt
	}
	return n, err
}

// isClean reports whether nothing has come since the connection was given back. If something
// has, it is either the end, or the beginning of what would be read as the
// answer to the next request, and that one's as the answer to the one after it:
// response queue poisoning, which gives a visitor what another has asked for.
func (c *conn) isClean() bool {
	if !c.isSilent() {
		return false
	}
	secured, ok := c.socket.(*tls.Conn)
	if !ok {
		return true
	}
	// It may hold what it has decrypted already. A reading that fails because
	// of its deadline does it no harm.
	var one [1]byte
	_ = secured.SetReadDeadline(past)
	n, err := secured.Read(one[:])
	_ = secured.SetReadDeadline(time.Time{})
	var timeout net.Error
	return n == 0 && errors.As(err, &timeout) && timeout.Timeout()
}

// exchange sends a request, which is given as it is sent, and returns the
// answer. The connection ends with the answer's body, or with an error.
func (c *conn) exchange(r *http.Request, text []byte, patience time.Duration) (*http.Response, error) {
	ctx := r.Context()
	c.answered, c.release = false, nil
	c.requests++
	c.head.begin()
	if ctx.Done() != nil {
		c.release = context.AfterFunc(ctx, c.interrupt)
	}
	res, err := c.roundTrip(r, text, patience)
	if err != nil {
		c.end(false)
		return nil, ContextError(ctx, err)
	}
	options := r.Header["Connection"]
	again := res.ProtoMajor == 1 && res.ProtoMinor >= 1 && !res.Close && c.isSilent != nil &&
		(len(options) == 0 || !header.HasListElement(options, "close"))
	if res.Body == http.NoBody {
		c.end(again)
		return res, nil
	}
	res.Body = &responseBody{body: res.Body, connection: c, again: again, request: r}
	return res, nil
}

// roundTrip sends a request and reads the header of its answer.
func (c *conn) roundTrip(r *http.Request, text []byte, patience time.Duration) (*http.Response, error) {
	if _, err := c.socket.Write(text); err != nil {
		return nil, err
	}
	if patience == 0 {
		return c.readHeader(r)
	}
	// The interrupt sets a deadline, too. It does so after the context has
	// ended, so that who looks at that later knows which one is there.
	end := time.Now().Add(patience)
	_ = c.socket.SetReadDeadline(end)
	if r.Context().Err() != nil {
		return nil, r.Context().Err()
	}
	res, err := c.readHeader(r)
	if err != nil && !time.Now().Before(end) { // the parser may blame the line that was cut off
		return nil, fmt.Errorf("no answer came for %s: %w", patience, context.DeadlineExceeded)
	}
	_ = c.socket.SetReadDeadline(time.Time{})
	if r.Context().Err() != nil {
		return nil, r.Context().Err()
	}
	return res, err
}

// readHeader reads the header of an answer, and what informs before it (RFC 9110
// §15.2). The parser is that of net/http: two that understand an answer
// differently, where its body ends above all, are what response smuggling
// needs, and nobody has read another one as often.
func (c *conn) readHeader(r *http.Request) (*http.Response, error) {
	c.left = maxHeader
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
			c.left = math.MaxInt64
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

// checkNames returns an error if a field has no name. "Content-Length : 5" is
// kept as it is by net/http, and is a length to those who cut the space off: a
// server in front of the one that wrote it, say, which lets it smuggle a
// response (RFC 9112 §5.1).
func checkNames(h http.Header) error {
	for name := range h {
		if !isValid(name, inName) {
			return fmt.Errorf("%w: %.40q", errFieldName, name)
		}
	}
	return nil
}

// end gives the connection back, if it may be used again, for less than
// maxRequests, and is whole: nothing may be left of the answer, and nobody may
// have interrupted it. Otherwise it is closed. What has come after the end of an
// answer is no answer to anybody.
func (c *conn) end(again bool) {
	if c.release != nil && !c.release() {
		again = false
	}
	if !again || c.requests >= maxRequests || c.reader.Buffered() > 0 || !c.pool.put(c) {
		_ = c.socket.Close()
	}
}

// maxHeader bounds the header of an answer with all informational ones before
// it, in bytes.
const maxHeader = 256 << 10
