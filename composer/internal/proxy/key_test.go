package proxy

import (
	"net/url"
	"strings"
	"testing"

	"selvedge/composer/internal/cache"
	"selvedge/composer/registry"
)

// FuzzDocumentKey holds that what an origin is asked for is what the key says,
// and nothing else: an equal key means an equal request line and Host.
func FuzzDocumentKey(f *testing.F) {
	for _, seed := range []string{"/", "", "/a//b", "/a%2Fb?c", "/a/../b", "/a?x y", "/a?", "//evil.example/x", "/%3F?#", "/a;b?%zz"} {
		f.Add(seed, "/a/b?c", "shop.example")
	}
	origin := &url.URL{Scheme: "http", Host: "origin.example:9000"}
	p := &Proxy{options: Options{Origin: &registry.Backend{Source: registry.Source{URL: origin}, External: true}}, origin: origin}
	line := func(k cache.Key) (string, bool) {
		u, err := url.Parse(p.originURL(k.URI))
		return u.RequestURI(), err == nil && u.Host == p.origin.Host && u.User == nil
	}
	f.Fuzz(func(t *testing.T, one, other, host string) {
		a, err := url.ParseRequestURI(one)
		b, err2 := url.ParseRequestURI(other)
		if err != nil || err2 != nil || !strings.HasPrefix(a.Path, "/") || !strings.HasPrefix(b.Path, "/") {
			return
		}
		ka, kb := p.keyFor(a, host, "http"), p.keyFor(b, host, "http")
		la, ok := line(ka)
		if !ok {
			t.Fatalf("%q asks for %q, which is not at the origin", one, p.originURL(ka.URI))
		}
		if at := p.outURL(a); at.RequestURI() != la || at.Host != p.origin.Host {
			t.Errorf("%q is stored as the answer to %q, and passes as %q", one, la, at.RequestURI())
		}
		if lb, _ := line(kb); (ka == kb) != (la == lb) {
			t.Errorf("%q and %q have the keys %v and %v, and ask for %q and %q", one, other, ka, kb, la, lb)
		}
	})
}
