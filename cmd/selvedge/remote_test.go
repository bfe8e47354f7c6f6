package main

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"selvedge/fragments/standalone"
)

func TestTheVersionCheckOfAFragmentFollowsNoRedirect(t *testing.T) {
	manifest := func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"name":"cart","version":"1.0.0"}`))
	}
	asked := false
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = true
		manifest(w, r)
	}))
	defer other.Close()
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		want   string // empty: an error
	}{
		"a manifest":             {manifest, "1.0.0"},
		"a redirect elsewhere":   {http.RedirectHandler(other.URL+standalone.ManifestPath, http.StatusFound).ServeHTTP, ""},
		"a redirect to itself":   {http.RedirectHandler("/-/manifest/", http.StatusMovedPermanently).ServeHTTP, ""},
		"a manifest as an error": {func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(500); manifest(w, r) }, ""},
	} {
		server := httptest.NewServer(test.answer)
		r := &remote{name: "cart", url: mustParse(t, server.URL)}
		got, err := r.version(t.Context())
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%s: version %q, %v; want %q", name, got, err, test.want)
		}
		server.Close()
	}
	if asked {
		t.Error("another server was asked")
	}
}
