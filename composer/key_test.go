package composer

import (
	"net/http"
	"net/url"
	"testing"
)

// FuzzKey holds that requests with the same key which agree in what an answer
// varies on are the same to a fragment that sees no more: an equal key means an
// equal upstream request.
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
		k, header, r, ok := upstream(t, registry, one, oneHost, oneLanguage)
		k2, header2, r2, ok2 := upstream(t, registry, other, otherHost, otherLanguage)
		if !ok || !ok2 || k != k2 || !matches(header2, vary, variedBy(header, vary)) {
			return
		}
		if r.URL.String() != r2.URL.String() {
			t.Errorf("%q and %q have one key; they ask for %s and %s", one, other, r.URL, r2.URL)
		}
		for _, name := range []string{"Accept-Language", "X-Forwarded-Host"} {
			if a, b := r.Header.Get(name), r2.Header.Get(name); a != b {
				t.Errorf("%q and %q have one key; they say %s: %q and %q", one, other, name, a, b)
			}
		}
	})
}

func upstream(t *testing.T, registry *Registry, reference, host, language string) (k key, h http.Header, r *http.Request, ok bool) {
	ref, err := ParseReference(reference)
	if err != nil {
		return k, h, r, false
	}
	entry, err := registry.resolve(ref)
	if err != nil {
		return k, h, r, false
	}
	h = http.Header{"X-Forwarded-Host": {host}, "Accept-Language": {language}}
	r, err = newRequest(t.Context(), entry.source, ref, h)
	return keyOf(entry, ref, h), h, r, err == nil
}
