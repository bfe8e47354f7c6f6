package http1

import (
	"io"
	"net/http"
	"sync/atomic"
)

// responseBody is the body of an answer of a client. Its end is that of its use
// of the connection.
type responseBody struct {
	body       io.Reader
	connection *conn
	again      bool // the server takes another request after the answer
	request    *http.Request
	ended      atomic.Bool
	err        error // that every further Read returns
}

// Read gives the connection back with the last byte. The body of net/http ends
// with io.EOF only where its length, or its last chunk, says so, or the
// connection if neither is there; then it is not used again.
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
		err = ContextError(b.request.Context(), err)
	}
	b.err = err
	b.end(err == io.EOF) //nolint:errorlint // as above
	return n, err
}

// Close closes the connection, unless all of the body was read: what is left of
// it would be read as the next answer, and to read it here takes as long as the
// server likes. It may be called while the body is read, and more than once.
func (b *responseBody) Close() error {
	b.end(false)
	return nil
}

// end ends the use of the connection, once. Whoever comes later must not touch
// it: somebody else may have it.
func (b *responseBody) end(whole bool) {
	if b.ended.CompareAndSwap(false, true) {
		b.connection.end(whole && b.again)
	}
}
