package fetch

import (
	"net/http"
	"net/url"
	"testing"
	"unique"

	"selvedge/composer/internal/cache"
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
	fragments := registry.New()
	base, _ := url.Parse("http://upstream.example/base/")
	if err := fragments.Add("a", "1.0.0", registry.Source{URL: base}); err != nil {
		f.Fatal(err)
	}
	vary := []string{"Accept-Language"}
	f.Fuzz(func(t *testing.T, one, other, oneHost, otherHost, oneLanguage, otherLanguage string) {
		k, h, r, ok := upstream(t, fragments, one, oneHost, oneLanguage)
		k2, header2, r2, ok2 := upstream(t, fragments, other, otherHost, otherLanguage)
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

func upstream(t *testing.T, fragments *registry.Registry, reference, host, language string) (k cache.Key, h http.Header, r *http.Request, ok bool) {
	ref, err := registry.ParseReference(reference)
	if err != nil {
		return k, h, r, false
	}
	source, err := fragments.Lookup(ref)
	if err != nil {
		return k, h, r, false
	}
	at := registry.Target{Backend: source, URI: ref.RequestURI()}
	h = http.Header{"X-Forwarded-Host": {host}, "Accept-Language": {language}}
	k = cache.Key{Target: at, Scope: unique.Make(cache.Scope{Host: host})}
	r, err = (&Request{Request: cache.Request{Key: k}}).newHTTPRequest(t.Context(), h)
	return k, h, r, err == nil
}
