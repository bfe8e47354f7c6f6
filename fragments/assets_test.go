package fragments_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"selvedge/fragments"
)

func TestAssetsAreServedByTheFragment(t *testing.T) {
	f := mustNew(t, clock())
	url := f.URL("clock.css")
	if !strings.HasPrefix(url, "/fragments/clock/assets/clock.") {
		t.Fatalf("URL = %s; want a path of the fragment", url)
	}
	tests := []struct {
		name, path string
		status     int
		control    string
	}{
		{"by a composer", strings.TrimPrefix(url, "/fragments/clock"), 200, "public, max-age=31536000, immutable"},
		{"by the whole path", url, 200, "public, max-age=31536000, immutable"},
		{"in a folder", f.URL("hands/red.svg"), 200, "public, max-age=31536000, immutable"},
		{"of another version", "/assets/clock.0123456789.css", 200, "public, max-age=60"},
		{"without a hash, as a stylesheet refers to it", "/assets/clock.css", 200, "public, max-age=60"},
		{"of another fragment", "/fragments/cart/assets/clock.css", 404, "no-store"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := serve(f, httptest.NewRequestWithContext(t.Context(), http.MethodGet, test.path, nil))
			if got := w.Header().Get("Cache-Control"); w.Code != test.status || got != test.control {
				t.Errorf("GET %s = %d, Cache-Control %q; want %d, %q", test.path, w.Code, got, test.status, test.control)
			}
		})
	}
}

func TestAViewKnowsTheAddressesOfItsAssets(t *testing.T) {
	f := answering(t, func(w http.ResponseWriter, r *http.Request) error {
		return fragments.HTML(w, r, templ.Raw(fragments.URL(r.Context(), "hands/red.svg")), fragments.Answer{})
	})
	w := serve(f, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/it", nil))
	if got := w.Body.String(); got != f.URL("hands/red.svg") {
		t.Errorf("URL of the context is %s; want %s", got, f.URL("hands/red.svg"))
	}
	defer func() {
		if recover() == nil {
			t.Error("URL outside of a request does not panic")
		}
	}()
	fragments.URL(t.Context(), "hands/red.svg")
}
