package composer

import (
	"net/http"
	"time"

	"selvedge/composer/internal/header"
)

// freshen gives the stored response what a 200 to HEAD says, if that is about
// the same representation, and otherwise drops it (RFC 9111 §4.3.5). The
// request is the one to the origin.
func (p *proxy) freshen(r *http.Request, res *http.Response) {
	if p.cache == nil || res.StatusCode != http.StatusOK {
		return
	}
	k := p.keyFor(r.URL, r.Host, r.Header.Get("X-Forwarded-Proto"))
	h := res.Header.Clone()
	header.RemoveHopByHop(h)
	head := &response{status: res.StatusCode, header: header.NewCompact(h)}
	p.cache.freshen(p.query(r, k, r.Header, demand{}), head, time.Now())
}

func (c *cache) freshen(q *query, head *response, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	old := c.lookup(q.key).match(q.header)
	if old == nil || old.status != head.status {
		return
	}
	if old.describedBy(head.header) {
		if answer := old.updated(head, now, now); answer != nil {
			if s := newStored(q, answer, now); s.storable {
				c.put(s, q.header)
				return
			}
		}
	}
	c.drop(old)
}

// describedBy reports whether the header of a response agrees with the stored
// one in its validators and its length, as far as it has them.
func (s *stored) describedBy(h header.Compact) bool {
	for _, name := range []string{"Content-Length", "Etag", "Last-Modified"} {
		if h.Get(name) != "" && h.Get(name) != s.header.Get(name) {
			return false
		}
	}
	return true
}
