package proxy

import (
	"net/http"
	"net/url"
	"time"

	"selvedge/composer/internal/address"
	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/header"
)

// invalidate invalidates the stored responses outdated by a response to an unsafe method.
// r is the request to the origin. The invalidated responses are
//
//   - the target of the request,
//   - the addresses in Location and Content-Location at the same origin (RFC 9111 §4.4),
//   - the groups in Cache-Group-Invalidation (RFC 9875 §3).
func (p *Proxy) invalidate(r *http.Request, res *http.Response) {
	if !header.Invalidates(r.Method, res.StatusCode) {
		return
	}
	at := visitedURL(r)
	p.options.Invalidate(cache.Purge{Groups: header.InvalidatedGroups(res.Header), Target: p.keyFor(at, at.Host, at.Scheme)})
	for _, name := range []string{"Location", "Content-Location"} {
		value := res.Header.Get(name)
		if other, err := at.Parse(value); value != "" && err == nil && other.Scheme == at.Scheme && address.NormalHost(other.Host, other.Scheme) == at.Host {
			p.options.Invalidate(cache.Purge{Target: p.keyFor(other, at.Host, at.Scheme)})
		}
	}
}

// visitedURL returns the address of a request to the origin, as the client knows it.
func visitedURL(r *http.Request) *url.URL {
	u := *r.URL
	u.Scheme, u.Host = r.Header.Get("X-Forwarded-Proto"), r.Host
	return &u
}

// visitedKey returns the key of the address of a request to the origin.
func (p *Proxy) visitedKey(r *http.Request) cache.Key {
	return p.keyFor(r.URL, r.Host, r.Header.Get("X-Forwarded-Proto"))
}

// freshen updates or drops the stored response after a 200 to HEAD (RFC 9111 §4.3.5). r
// is the request to the origin.
func (p *Proxy) freshen(r *http.Request, res *http.Response) {
	if p.cache == nil || res.StatusCode != http.StatusOK {
		return
	}
	h := res.Header.Clone()
	header.RemoveHopByHop(h)
	q := p.newRequest(r, p.visitedKey(r), r.Header, cache.RequestDirectives{})
	p.cache.Freshen(&q.Request.Request, h, time.Now())
}

// tee stores the response to a POST for later GETs while the response passes through. It
// reports whether the response will be stored at its end. The response must have (RFC
// 9110 §9.3.3)
//
//   - a Content-Location with the address of the request, because a GET then has the same
//     response,
//   - an explicit freshness lifetime.
func (p *Proxy) tee(r *http.Request, res *http.Response) (isStored bool) {
	if p.cache == nil || res.StatusCode != http.StatusOK || !cache.HasLifetime(res.Header) || !isContentLocation(visitedURL(r), res.Header) ||
		res.ContentLength > int64(p.options.MaxFragment) {
		return false
	}
	h := res.Header.Clone()
	header.RemoveHopByHop(h)
	q := p.newRequest(r, p.visitedKey(r), r.Header.Clone(), cache.RequestDirectives{})
	begun := p.fetcher.Begin(&q.Request, time.Now(), res.StatusCode, h)
	begun.Finish(nil, nil) // the body replaces this body at its end
	res.Body, isStored = p.cache.Tee(&q.Request.Request, begun.Response, res.Body, p.options.MaxFragment)
	return isStored
}

// isContentLocation reports whether Content-Location is equal to an address.
func isContentLocation(u *url.URL, h http.Header) bool {
	if len(h["Content-Location"]) != 1 {
		return false
	}
	at, err := u.Parse(h["Content-Location"][0])
	return err == nil && at.String() == u.String()
}
