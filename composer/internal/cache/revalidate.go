package cache

import (
	"maps"
	"net/http"
	"strings"
	"time"

	"selvedge/composer/internal/header"
)

// conditionalHeader returns the header of the fetch's request. If a stored response is
// validated, the header includes preconditions (RFC 9111 §4.3.1).
func (f *fetch) conditionalHeader() http.Header {
	h := f.request.Header.Header()
	if f.validates == nil {
		return h
	}
	h = h.Clone()
	if etag := f.validates.Header.Get("Etag"); etag != "" {
		h["If-None-Match"] = []string{etag}
	}
	if modified := f.validates.Header.Get("Last-Modified"); modified != "" {
		h["If-Modified-Since"] = []string{modified}
	}
	return h
}

// updated returns a stored response after a 304 (RFC 9111 §4.3.4), with its body and
// attachment. It returns nil if the 304 is about a different response.
func (c *Cache) updated(s *Stored, notModified Fetched) *Response {
	etag := notModified.Header.Get("Etag")
	if etag != "" && strings.TrimPrefix(etag, "W/") != strings.TrimPrefix(s.Header.Get("Etag"), "W/") {
		return nil
	}
	r := s.Response // raw is nil
	h, fields := s.Header.Header(), notModified.Header.Header()
	h.Del("Age")
	h.Del("Date")
	for _, name := range header.BodyFields {
		delete(fields, name)
	}
	maps.Copy(h, fields)
	r.Header, r.groups = header.NewCompact(h), membershipsOf(h)
	asked, received := notModified.RequestedAt, notModified.ReceivedAt
	r.Policy = c.options.Policy(s.Target, h, received.Add(-header.InitialAge(h, asked, received)), received)
	r.Policy.SetBody(r.Body)
	if r.Attachment != nil {
		r.Attachment = r.Attachment.Update(h, r.Body)
	}
	return &r
}

// Freshen applies a 200 response to HEAD to the stored response (RFC 9111 §4.3.5). If
// both describe the same representation, Freshen updates the stored header. If they
// differ, Freshen drops the stored response.
func (c *Cache) Freshen(request *Request, head http.Header, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	old := c.entry(request.Key).match(request.Header)
	if old == nil || old.Status != http.StatusOK {
		return
	}
	fields := header.NewCompact(head)
	if old.describedBy(fields) {
		fetched := Fetched{Response: &Response{Status: http.StatusOK, Header: fields}, RequestedAt: now, ReceivedAt: now}
		if r := c.updated(old, fetched); r != nil {
			if s := newStored(request, r, now); s.isStorable {
				c.store(s, request.Header)
				return
			}
		}
	}
	c.drop(old)
}

// describedBy reports whether the validators and the length in a header are equal to
// those of the stored response. Absent fields are ignored.
func (s *Stored) describedBy(h header.Compact) bool {
	for _, name := range []string{"Content-Length", "Etag", "Last-Modified"} {
		if h.Get(name) != "" && h.Get(name) != s.Header.Get(name) {
			return false
		}
	}
	return true
}
