package composer

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"selvedge/composer/internal/header"
	"selvedge/composer/internal/stream"
)

// tee stores the answer to a POST for later GETs, while it passes, if the
// origin says that this is what they would get: with Content-Location, and
// explicitly for how long (RFC 9110 §9.3.3). It reports whether it may come to
// that.
func (p *proxy) tee(r *http.Request, res *http.Response) bool {
	if p.cache == nil || res.StatusCode != http.StatusOK || !isExplicit(res.Header) || !locates(p.visited(r), res.Header) {
		return false
	}
	h := res.Header.Clone()
	header.RemoveHopByHop(h)
	now := time.Now()
	q := p.query(r, p.keyFor(r.URL, r.Host, r.Header.Get("X-Forwarded-Proto")), r.Header.Clone(), demand{})
	q.asked = now
	got := newStored(q, p.begin(q, res.StatusCode, h), now)
	if !got.storable || res.ContentLength > int64(p.options.MaxFragment) {
		return false
	}
	res.Body = &copying{ReadCloser: res.Body, limit: p.options.MaxFragment, flight: p.cache.follow(q), cache: p.cache, got: got}
	return true
}

// locates reports whether a response says that it is what an address names.
func locates(u *url.URL, h http.Header) bool {
	if len(h["Content-Location"]) != 1 {
		return false
	}
	at, err := u.Parse(h["Content-Location"][0])
	return err == nil && at.String() == u.String()
}

// follow begins a flight for an answer that is on its way already.
func (c *cache) follow(q *query) *flight {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.newFlight(q, nil, nil)
}

var errIncomplete = errors.New("the answer was not read to its end")

// copying is a body that lands in the cache once it has been read to its end.
type copying struct {
	io.ReadCloser
	limit  int
	body   bytes.Buffer
	cache  *cache
	flight *flight
	got    *stored
}

func (b *copying) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.flight == nil {
		return n, err
	}
	if b.body.Len()+n > b.limit {
		b.land(nil, stream.ErrTooLarge)
		return n, err
	}
	b.body.Write(p[:n])
	if errors.Is(err, io.EOF) {
		b.got.finish(b.body.Bytes(), nil)
		b.land(b.got, nil)
	}
	return n, err
}

// Close gives up what is not complete.
func (b *copying) Close() error {
	if b.flight != nil {
		b.land(nil, errIncomplete)
	}
	return b.ReadCloser.Close()
}

func (b *copying) land(got *stored, err error) {
	b.cache.land(b.flight, got, err, time.Now())
	b.flight = nil
}
