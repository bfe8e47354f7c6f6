package page

import (
	"bytes"
	"net/http"

	"selvedge/composer/internal/stream"
)

// BufferedResponse is a ResponseWriter that keeps the body in memory.
type BufferedResponse struct {
	HeaderMap  http.Header
	Body       bytes.Buffer
	Limit      int  // of the body, in bytes
	IsTooLarge bool // the body exceeds Limit
}

// Header returns HeaderMap.
func (b *BufferedResponse) Header() http.Header { return b.HeaderMap }

// WriteHeader ignores the status.
func (b *BufferedResponse) WriteHeader(int) {}

// Write appends p to the body. After the limit is exceeded, all calls fail.
func (b *BufferedResponse) Write(p []byte) (int, error) {
	if b.IsTooLarge || b.Body.Len()+len(p) > b.Limit {
		b.IsTooLarge = true
		return 0, stream.ErrTooLarge
	}
	return b.Body.Write(p)
}
