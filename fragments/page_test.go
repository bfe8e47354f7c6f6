package fragments_test

import (
	"net/http/httptest"
	"testing"

	"selvedge/fragments"
)

func TestPageIsKnownForRequestsOfAPage(t *testing.T) {
	tests := []struct {
		name       string
		header     map[string]string
		page, path string
	}{
		{"a form", map[string]string{"Referer": "http://shop.example/blog?page=2#end"}, "/blog?page=2", "/blog"},
		{"a request in the background", map[string]string{"HX-Current-URL": "http://shop.example/cart?x=1#y", "Referer": "http://shop.example/"}, "/cart?x=1", "/cart"},
		{"an escaped path", map[string]string{"Referer": "http://shop.example/a%20b%2Fc"}, "/a%20b%2Fc", "/a%20b%2Fc"},
		{"a page of another host", map[string]string{"Referer": "https://elsewhere.example/list"}, "/list", "/list"},
		{"an include, whose Referer is the page before", map[string]string{"Referer": "http://shop.example/blog", "X-Esi-Level": "1"}, "", ""},
		{"a path that another host could be", map[string]string{"HX-Current-URL": "http://shop.example//elsewhere.example"}, "", ""},
		{"no path", map[string]string{"Referer": "http://shop.example"}, "", ""},
		{"a malformed address", map[string]string{"HX-Current-URL": "http://["}, "", ""},
		{"no page", nil, "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), "POST", "/notes", nil)
			for name, value := range test.header {
				r.Header.Set(name, value)
			}
			if page, path := fragments.Page(r), fragments.PagePath(r); page != test.page || path != test.path {
				t.Errorf("Page = %q, PagePath = %q; want %q, %q", page, path, test.page, test.path)
			}
		})
	}
}
