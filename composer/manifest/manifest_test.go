package manifest_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"selvedge/composer/manifest"
)

func TestTheVersionCheckOfAFragmentFollowsNoRedirect(t *testing.T) {
	serveManifest := func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"name":"cart","version":"1.0.0"}`))
	}
	asked := false
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = true
		serveManifest(w, r)
	}))
	defer other.Close()
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		want   string // empty: an error
	}{
		"a manifest":             {serveManifest, "1.0.0"},
		"a redirect elsewhere":   {http.RedirectHandler(other.URL+"/-/manifest", http.StatusFound).ServeHTTP, ""},
		"a redirect to itself":   {http.RedirectHandler("/-/manifest/", http.StatusMovedPermanently).ServeHTTP, ""},
		"a manifest as an error": {func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(500); serveManifest(w, r) }, ""},
	} {
		server := httptest.NewServer(test.answer)
		u, err := url.Parse(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		m, err := manifest.Read(t.Context(), u)
		got := m.Version
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%s: version %q, %v; want %q", name, got, err, test.want)
		}
		server.Close()
	}
	if asked {
		t.Error("another server was asked")
	}
}
