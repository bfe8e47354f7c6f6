package hub

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestParameter(t *testing.T) {
	for _, test := range []struct{ name, query, want string }{
		{"none at all", "", ""},
		{"another one", "pages=x&pag=y", ""},
		{"the only one", "page=x", "x"},
		{"behind another", "oob=outerMorph&page=x", "x"},
		{"the first of two", "page=x&page=y", "x"},
		{"escaped", "page=a%2Fb+c", "a/b c"},
		{"escaped wrongly", "page=%zz", ""},
		{"without a value", "page", ""},
		{"with a sign of equality", "page=a=b=", "a=b="},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/live?"+test.query, nil)
			if got := queryParameter(r, "page"); got != test.want {
				t.Errorf("parameter(%q) = %q; want %q", test.query, got, test.want)
			}
		})
	}
}
