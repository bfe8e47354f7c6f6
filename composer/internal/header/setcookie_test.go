package header

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAllowedCookies(t *testing.T) {
	const a, b = "a=1; Path=/; HttpOnly", "b=2, x=y; Expires=Wed, 25 Nov 2026 12:00:00 GMT"
	tests := []struct {
		name         string
		set, allowed []string
		want         []string
	}{
		{"none without a list", []string{a, b}, nil, nil},
		{"none that is not on it", []string{a, b}, []string{"c"}, nil},
		{"one that is", []string{a, b}, []string{"b"}, []string{b}},
		{"each stays a field of its own", []string{a, b}, []string{"b", "a"}, []string{a, b}},
		{"the same name twice", []string{a, a}, []string{"a"}, []string{a, a}},
		{"all", []string{a, b}, []string{"*"}, []string{a, b}},
		{"a name has a case", []string{"A=1"}, []string{"a"}, nil},
		{"white space around a name (RFC 6265 §5.2)", []string{" a =1"}, []string{"a"}, []string{" a =1"}},
		{"a name in a value or an attribute", []string{"b=a=1", "b=1; a=1"}, []string{"a"}, nil},
		{"what has no name", []string{"=1", "a", "", "; a=1"}, []string{"*", "", "a"}, nil},
		{"an empty value", []string{"a="}, []string{"a"}, []string{"a="}},
		{"a star is a name too, of no other cookie", []string{"*=1", "a=1"}, []string{"b"}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := AllowedSetCookies(http.Header{"Set-Cookie": test.set}, test.allowed)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("allowedCookies(%q, %q) (-want +got):\n%s", test.set, test.allowed, diff)
			}
		})
	}
}
