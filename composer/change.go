package composer

import (
	"net/http"
	"net/url"

	"selvedge/composer/internal/address"
)

// changed drops what an answer has made wrong if it changes something: what the
// request was sent to, what Location and Content-Location name at the same
// origin (RFC 9111 §4.4), and the groups that the answer names (RFC 9875 §3).
// The request is the one to the origin.
func (p *proxy) changed(r *http.Request, res *http.Response) {
	if !changes(r.Method, res.StatusCode) {
		return
	}
	at := p.visited(r)
	p.invalidate(purge{groups: ChangedGroups(res.Header), target: p.keyFor(at, at.Host, at.Scheme)})
	for _, name := range []string{"Location", "Content-Location"} {
		value := res.Header.Get(name)
		if other, err := at.Parse(value); value != "" && err == nil && other.Scheme == at.Scheme && address.NormalHost(other.Host, other.Scheme) == at.Host {
			p.invalidate(purge{target: p.keyFor(other, at.Host, at.Scheme)})
		}
	}
}

// visited is the address of a request to the origin as the visitor knows it.
func (p *proxy) visited(r *http.Request) *url.URL {
	u := *r.URL
	u.Scheme, u.Host = r.Header.Get("X-Forwarded-Proto"), r.Host
	return &u
}
