package composer

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unique"

	"selvedge/composer/internal/header"
	"selvedge/composer/registry"
)

// FuzzKey holds that requests with the same key which agree in what an answer
// varies on are the same to a fragment that sees no more: an equal key means an
// equal upstream request, up to what RFC 9111 §4.1 says is the same.
func FuzzKey(f *testing.F) {
	f.Add("/fragments/a/b?c", "/fragments/a/b?c", "host", "host", "de", "de")
	f.Add("/fragments/a/b?c", "/fragments/a/b%3Fc", "host", "host", "de", "")
	f.Add("/fragments/a//b", "/fragments/a/b", "h", "h", "a, b", "a,b")
	f.Add("/fragments/a@1/b", "/fragments/a/b", "", "h", "", "")
	f.Add("/fragments/a/b?x y", "/fragments/a/b?x%20y", "", "", "", "")
	registry := NewRegistry()
	base, _ := url.Parse("http://upstream.example/base/")
	if err := registry.Add("a", "1.0.0", Source{URL: base}); err != nil {
		f.Fatal(err)
	}
	vary := []string{"Accept-Language"}
	f.Fuzz(func(t *testing.T, one, other, oneHost, otherHost, oneLanguage, otherLanguage string) {
		k, h, r, ok := upstream(t, registry, one, oneHost, oneLanguage)
		k2, header2, r2, ok2 := upstream(t, registry, other, otherHost, otherLanguage)
		if !ok || !ok2 || k != k2 || !header.MatchesSelecting(header2, vary, header.SelectingValues(h, vary)) {
			return
		}
		if r.URL.String() != r2.URL.String() {
			t.Errorf("%q and %q have one key; they ask for %s and %s", one, other, r.URL, r2.URL)
		}
		for _, name := range []string{"Accept-Language", "X-Forwarded-Host"} {
			if a, b := header.NormalizeSelecting(name, r.Header.Get(name)), header.NormalizeSelecting(name, r2.Header.Get(name)); a != b {
				t.Errorf("%q and %q have one key; they say %s: %q and %q", one, other, name, a, b)
			}
		}
	})
}

func upstream(t *testing.T, reg *Registry, reference, host, language string) (k key, h http.Header, r *http.Request, ok bool) {
	ref, err := ParseReference(reference)
	if err != nil {
		return k, h, r, false
	}
	source, err := reg.Lookup(ref)
	if err != nil {
		return k, h, r, false
	}
	at := registry.Target{Backend: source, URI: ref.RequestURI()}
	v := &visit{audience: unique.Make(audience{host: host})}
	h = http.Header{"X-Forwarded-Host": {host}, "Accept-Language": {language}}
	r, err = newRequest(t.Context(), &query{key: v.key(at)}, h)
	return v.key(at), h, r, err == nil
}

// FuzzDocumentKey holds that what an origin is asked for is what the key says,
// and nothing else: an equal key means an equal request line and Host.
func FuzzDocumentKey(f *testing.F) {
	for _, seed := range []string{"/", "", "/a//b", "/a%2Fb?c", "/a/../b", "/a?x y", "/a?", "//evil.example/x", "/%3F?#", "/a;b?%zz"} {
		f.Add(seed, "/a/b?c", "shop.example")
	}
	origin := &url.URL{Scheme: "http", Host: "origin.example:9000"}
	c, err := New(NewRegistry(), Options{Origin: origin})
	if err != nil {
		f.Fatal(err)
	}
	p := &proxy{Composer: c, source: c.resolver.Origin, origin: origin}
	line := func(k key) (string, bool) {
		u, err := url.Parse(p.originOf(k.URI))
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
			t.Fatalf("%q asks for %q, which is not at the origin", one, p.originOf(ka.URI))
		}
		if at := p.at(a); at.RequestURI() != la || at.Host != p.origin.Host {
			t.Errorf("%q is stored as the answer to %q, and passes as %q", one, la, at.RequestURI())
		}
		if lb, _ := line(kb); (ka == kb) != (la == lb) {
			t.Errorf("%q and %q have the keys %v and %v, and ask for %q and %q", one, other, ka, kb, la, lb)
		}
	})
}
