package cache

import (
	"bytes"
	"errors"
	"io"
	"time"

	"selvedge/composer/internal/stream"
)

// Tee returns a body that stores r after the body has been read to its end. r has no body
// and is not the result of a fetch: an example is a response to POST with
// Content-Location (RFC 9110 §9.3.3). If r may not be stored, Tee returns body and false.
// A body of more than limit bytes is not stored.
func (c *Cache) Tee(request *Request, r *Response, body io.ReadCloser, limit int) (io.ReadCloser, bool) {
	s := newStored(request, r, time.Now())
	if !s.isStorable {
		return body, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return &teeBody{ReadCloser: body, limit: limit, fetch: c.newFetch(request, nil, nil, nil), cache: c, response: s}, true
}

var errIncomplete = errors.New("the answer was not read to its end")

// teeBody is the body of a response that is stored at the end of the body.
type teeBody struct {
	io.ReadCloser
	limit    int
	body     bytes.Buffer
	cache    *Cache
	fetch    *fetch // nil after its end
	response *Stored
}

// Read also keeps the bytes it reads.
func (b *teeBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.fetch == nil {
		return n, err
	}
	if b.body.Len()+n > b.limit {
		b.end(nil, stream.ErrTooLarge)
		return n, err
	}
	b.body.Write(p[:n])
	if errors.Is(err, io.EOF) {
		b.response.SetBody(b.body.Bytes())
		if b.response.Attachment != nil {
			b.response.Attachment = b.response.Attachment.Complete(b.response.Body, nil)
		}
		b.end(b.response, nil)
	}
	return n, err
}

// Close discards an incomplete body.
func (b *teeBody) Close() error {
	if b.fetch != nil {
		b.end(nil, errIncomplete)
	}
	return b.ReadCloser.Close()
}

func (b *teeBody) end(s *Stored, err error) {
	b.cache.end(b.fetch, s, err, time.Now())
	b.fetch = nil
}
