package problem_test

import (
	"net/http/httptest"
	"testing"

	"selvedge/fragments/problem"
)

func TestAcceptWeights(t *testing.T) {
	const chrome = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
	tests := []struct {
		name       string
		accept     []string
		html, json float64
	}{
		{"a browser", []string{chrome}, 1, 0.8},
		{"nothing", nil, 0, 0},
		{"anything", []string{"*/*"}, 1, 1},
		{"JSON", []string{"application/json"}, 0, 1},
		{"in any case", []string{"Text/HTML"}, 1, 0},
		{"both", []string{"text/html;q=0.5, application/json"}, 0.5, 1},
		{"in two lines", []string{"application/json;q=0.5", "text/html"}, 1, 0.5},
		{"no HTML", []string{"text/html;q=0, */*"}, 0, 1},
		{"a kind", []string{"text/*;q=0.4"}, 0.4, 0},
		{"the specific range counts, not the larger weight", []string{"text/*;q=1, text/html;q=0.1, */*;q=0.3"}, 0.1, 0.3},
		{"neither", []string{"image/png"}, 0, 0},
		{"a malformed range", []string{";;,text/html"}, 1, 0},
		{"a malformed weight", []string{"text/html;q=x"}, 1, 0},
		{"a weight out of range", []string{"text/html;q=7, application/json;q=-1"}, 1, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
			r.Header["Accept"] = test.accept
			if html, json := problem.AcceptWeights(r); html != test.html || json != test.json {
				t.Errorf("AcceptWeights(%q) = %v, %v; want %v, %v", test.accept, html, json, test.html, test.json)
			}
		})
	}
}
