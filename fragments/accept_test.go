package fragments_test

import (
	"net/http/httptest"
	"testing"

	"selvedge/fragments"
)

func TestPrefersHTML(t *testing.T) {
	const chrome = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
	tests := []struct {
		name, path string
		accept     []string
		want       bool
	}{
		{"a browser", "/api/cart", []string{chrome}, true},
		{"nothing, on a REST route", "/api/cart", nil, false},
		{"nothing, on another path", "/cart", nil, true},
		{"anything, on a REST route", "/api/cart", []string{"*/*"}, false},
		{"anything, on another path", "/cart", []string{"*/*"}, true},
		{"JSON", "/cart", []string{"application/json"}, false},
		{"HTML", "/api/cart", []string{"text/html"}, true},
		{"both, JSON first in weight", "/cart", []string{"text/html;q=0.5, application/json"}, false},
		{"both, HTML first in weight", "/api/cart", []string{"text/html, application/json;q=0.9"}, true},
		{"in two lines", "/api/cart", []string{"application/json;q=0.5", "text/html"}, true},
		{"no HTML", "/cart", []string{"text/html;q=0, */*"}, false},
		{"any text", "/api/cart", []string{"text/*"}, true},
		{"the specific range counts, not the larger weight", "/cart", []string{"text/*;q=1, text/html;q=0.1, application/json;q=0.5"}, false},
		{"neither", "/api/cart", []string{"image/png"}, false},
		{"what does not parse", "/api/cart", []string{";;,"}, false},
		{"a weight that does not parse counts as 1", "/api/cart", []string{"text/html;q=x, application/json;q=0.9"}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), "GET", test.path, nil)
			r.Header["Accept"] = test.accept
			if got := fragments.PrefersHTML(r); got != test.want {
				t.Errorf("PrefersHTML(%s, %q) = %v; want %v", test.path, test.accept, got, test.want)
			}
		})
	}
}
