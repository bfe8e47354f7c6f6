package csp_test

import (
	"net/url"
	"testing"

	"selvedge/composer/internal/csp"
)

func parse(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestARequestIsForbiddenByTheDirectiveForIt(t *testing.T) {
	const page, script, connection = "https://shop.example/products", "https://shop.example/-/selvedge.js", "https://shop.example/-/live"
	tests := []struct {
		policy             string
		script, connection string // the directive that forbids it
	}{
		{"", "", ""},
		{"img-src 'none'; style-src 'self'", "", ""},
		{"default-src 'self'", "", ""},
		{"DEFAULT-SRC 'SELF'", "", ""},
		{"default-src 'none'", "default-src", "default-src"},
		{"default-src", "default-src", "default-src"},
		{"default-src 'none'; script-src 'self'; connect-src 'self'", "", ""},
		{"script-src 'none'; script-src-elem *", "", ""},
		{"script-src *; script-src-elem 'none'", "script-src-elem", ""},
		{"connect-src 'none'", "", "connect-src"},
		{"default-src *; connect-src", "", "connect-src"},
		{"script-src 'self'; script-src 'none'", "", ""},
		{"script-src 'nonce-abc'", "script-src", ""},
		{"script-src 'nonce-abc' 'self'", "", ""},
		{"script-src 'sha256-abc='; connect-src https:", "script-src", ""},
		{"script-src 'unsafe-inline' 'unsafe-eval'", "script-src", ""},
		{"script-src 'nonce-abc' 'strict-dynamic' https: 'self'", "script-src", ""},
		{"default-src 'self' 'strict-dynamic'", "default-src", ""},

		{"default-src https://shop.example", "", ""},
		{"default-src shop.example", "", ""},
		{"default-src http://shop.example", "", ""},
		{"default-src shop.example:443", "", ""},
		{"default-src shop.example:80", "", ""},
		{"default-src shop.example:*", "", ""},
		{"default-src shop.example:8443", "default-src", "default-src"},
		{"default-src *.example", "", ""},
		{"default-src *.shop.example", "default-src", "default-src"},
		{"default-src other.example", "default-src", "default-src"},
		{"default-src shop.example/-/", "", ""},
		{"default-src shop.example/", "", ""},
		{"default-src https://shop.example/-/selvedge.js", "", "default-src"},
		{"default-src https://shop.example/%2D/selvedge.js", "", "default-src"},
		{"default-src shop.example/other/", "default-src", "default-src"},
		{"connect-src wss://shop.example", "", ""},
		{"connect-src ws: wss:", "", ""},
		{"connect-src data: blob:", "", "connect-src"},

		{"default-src 'self', connect-src 'none'", "", "connect-src"},
		{"script-src 'none', script-src *", "script-src", ""},
	}
	for _, test := range tests {
		t.Run(test.policy, func(t *testing.T) {
			for kind, want := range map[csp.Kind]string{csp.Script: test.script, csp.Connection: test.connection} {
				to := map[csp.Kind]string{csp.Script: script, csp.Connection: connection}[kind]
				got := ""
				if v := csp.Check([]string{"img-src *", test.policy}, kind, parse(t, page), parse(t, to)); v != nil {
					got = v.Directive
				}
				if got != want {
					t.Errorf("%s is forbidden by %q; want %q", to, got, want)
				}
			}
		})
	}
}

func TestSelfIsTheHostOfThePageOrItsSecureOne(t *testing.T) {
	tests := []struct {
		page, to string
		want     bool
	}{
		{"http://a.example/", "http://a.example/x", true},
		{"http://a.example/", "https://a.example/x", true},
		{"https://a.example/", "http://a.example/x", false},
		{"http://a.example:8080/", "http://a.example:8080/x", true},
		{"http://a.example:8080/", "http://a.example/x", false},
		{"http://a.example/", "http://A.example:80/x", true},
		{"http://a.example/", "http://b.example/x", false},
		{"http://[::1]:8080/", "http://[::1]:8080/x", true},
	}
	for _, test := range tests {
		for _, policy := range []string{"connect-src 'self'", "connect-src " + parse(t, test.page).Host} {
			if got := csp.Check([]string{policy}, csp.Connection, parse(t, test.page), parse(t, test.to)) == nil; got != test.want {
				t.Errorf("%s allows %s to the page %s: %t; want %t", policy, test.to, test.page, got, test.want)
			}
		}
	}
}

func TestAddressesDoNotCountBesideStrictDynamic(t *testing.T) {
	page := parse(t, "https://a.example/")
	for policy, want := range map[string]bool{"script-src 'strict-dynamic' 'self'": true, "script-src 'nonce-a'": false} {
		v := csp.Check([]string{policy}, csp.Script, page, page)
		if v == nil || v.IsStrict != want {
			t.Errorf("%s is violated by %+v; want IsStrict %t", policy, v, want)
		}
	}
}
