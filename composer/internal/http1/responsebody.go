package http1

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"sync/atomic"
)

// responseBody is the body of a Client's response. Its end releases the connection.
type responseBody struct {
	body       io.Reader
	connection *conn
	reusable   bool // the server accepts another request after the response
	request    *http.Request
	ended      atomic.Bool
	err        error // returned by every further Read
}

// Read releases the connection with the last byte. The body of net/http ends with
// io.EOF only at its length or its last chunk, or without both at the end of the
// connection, which is then not used again.
func (b *responseBody) Read(p []byte) (int, error) {
	switch {
	case b.err != nil:
		return 0, b.err
	case b.ended.Load():
		return 0, errReadAfterClosed
	}
	n, err := b.body.Read(p)
	if err == nil {
		return n, nil
	}
	if err != io.EOF { //nolint:errorlint // an error that wraps io.EOF is not the end
		err = cmp.Or(context.Cause(b.request.Context()), err)
	}
	b.err = err
	b.releaseConn(err == io.EOF) //nolint:errorlint // as above
	return n, err
}

// Close closes the connection unless the whole body was read: the rest of the body
// would be read as the next response, and reading the rest here would take as long as
// the server likes. Close may be called during a Read, and more than once.
func (b *responseBody) Close() error {
	b.releaseConn(false)
	return nil
}

// releaseConn gives the connection back to its client, once. A later call does
// nothing, because the connection may be in use for another request.
func (b *responseBody) releaseConn(whole bool) {
	if b.ended.CompareAndSwap(false, true) {
		b.connection.finish(whole && b.reusable)
	}
}
