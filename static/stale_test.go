package static_test

import (
	"net/http"
	"strings"
	"testing"

	"selvedge/static"
)

func TestAnotherVersionOfAFileIsThisOneForAShortTime(t *testing.T) {
	today := static.URL("cart.css")
	tests := []struct {
		name, path string
		stale      bool
		status     int
	}{
		{"this version", today, false, 200},
		{"another hash of a stylesheet", "/static/cart.0123456789.css", true, 200},
		{"another hash of a script", "/static/selvedge.0123456789.js", true, 200},
		{"another hash of an icon", "/static/icon.0123456789.svg", true, 200},
		{"no hash", "/static/cart.css", false, 404},
		{"a short hash", "/static/cart.012345678.css", false, 404},
		{"a hash in upper case", "/static/cart.ABCDEF0123.css", false, 404},
		{"an unknown name", "/static/basket.0123456789.css", false, 404},
		{"another type", "/static/cart.0123456789.js", false, 404},
		{"another folder", "/assets/cart.0123456789.css", false, 404},
	}
	body := request(t, http.MethodGet, today).Body.String()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := static.IsStale(test.path); got != test.stale {
				t.Errorf("IsStale(%q) = %t; want %t", test.path, got, test.stale)
			}
			w := request(t, http.MethodGet, test.path)
			if w.Code != test.status {
				t.Fatalf("GET %s = %d; want %d", test.path, w.Code, test.status)
			}
			if control := w.Header().Get("Cache-Control"); test.stale && control != "public, max-age=60" {
				t.Errorf("Cache-Control is %q; want a minute", control)
			}
			if strings.HasPrefix(test.path, "/static/cart.") && test.stale && w.Body.String() != body {
				t.Errorf("the body is %q; want that of %s", w.Body, today)
			}
		})
	}
}
