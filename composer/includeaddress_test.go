package composer_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"selvedge/composer"
)

// TestAVariableCannotBreakARequest brings line ends, spaces and bytes that no
// URL has into addresses, by all variables that a client controls.
func TestAVariableCannotBreakARequest(t *testing.T) {
	o := before(t, composer.Options{ESICookies: []string{"*"}}, map[string]http.HandlerFunc{
		"/":     template(`<esi:include src="/part?v=$(QUERY_STRING{a})"/>`),
		"/path": template(`<esi:include src="/part/$(QUERY_STRING{a})">refused</esi:include>`),
		"/all":  template(`<esi:include src="/part?$(QUERY_STRING)"/>`),
		"/say":  template(`<esi:include src="/part?v=$(HTTP_REFERER)$(HTTP_USER_AGENT)$(HTTP_COOKIE{a})"/>`),
		"/part": piece("part"),
	})
	tests := []struct {
		name, request string
		want          string // the target, empty: none
	}{
		{"a line end", "GET /?a=x%0d%0aX-Evil:%20y", "/part?v=x%0D%0AX-Evil:%20y"},
		{"a request", "GET /?a=x%20HTTP/1.1%0d%0a%0d%0aGET%20/evil", "/part?v=x%20HTTP%2F1.1%0D%0A%0D%0AGET%20%2Fevil"},
		{"a NUL", "GET /?a=%00", "/part?v=%00"},
		{"a space and a quote", "GET /?a=+%22", "/part?v=%20%22"},
		{"what divides a URL", "GET /?a=%26b=c%23d%3Fe", "/part?v=%26b%3Dc%23d%3Fe"},
		{"letters that are not ASCII", "GET /?a=%C3%A9%ff", "/part?v=%C3%A9%FF"},
		{"a line end in a path", "GET /path?a=x%0d%0ay", ""},
		{"two dots in a path", "GET /path?a=..%2Fx", ""},
		{"a slash in a path", "GET /path?a=x%2Fy", "/part/x%2Fy"},
		{"a host in a path", "GET /path?a=//evil.example/", "/part/%2F%2Fevil.example%2F"},
		{"the whole query", "GET /all?a=%0d%0a&b=%20", "/part?a=%0d%0a&b=%20"},
		{"fields of the request", "GET /say|Referer: a b&c#|User-Agent: \"é\x80\"|Cookie: a=\"b\tc\"", "/part?v=a%20b%26c%23%22%C3%A9%80%22b%09c"},
	}
	o.documents["/part/x/y"] = piece("part")
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			before := len(o.targets())
			a := o.proxy.ask(t, test.request)
			asked := slices.DeleteFunc(o.targets()[before:], func(target string) bool { return !strings.HasPrefix(target, "/part") })
			got := strings.Join(asked, " ")
			if got != test.want {
				t.Errorf("%s asks for %q; want %q (the page is %d %q)", test.request, got, test.want, a.status, a.body)
			}
			for _, r := range o.requests("/part") {
				if len(r.Header["X-Evil"]) > 0 {
					t.Errorf("%s brings in a header field", test.request)
				}
			}
			if len(o.requests("/evil")) > 0 {
				t.Errorf("%s brings in a request", test.request)
			}
		})
	}
}

// TestBytesThatNoAddressHasAreEscaped holds for what an author has written.
func TestBytesThatNoAddressHasAreEscaped(t *testing.T) {
	tests := []struct{ src, want string }{
		{"/a b", "/a%20b"},
		{" /a\t", "/a"},
		{"/é", "/%C3%A9"},
		{`/a&quot;b`, "/a%22b"},
		{"/a?b c=é", "/a?b%20c=%C3%A9"},
		{"/a%2Fb c", "/a%2Fb%20c"},
		{"/a%20b", "/a%20b"},
		{"/a|b^c`d{e}", "/a%7Cb%5Ec%60d%7Be%7D"},
		{"/a?b=c|d", "/a?b=c%7Cd"},
	}
	for _, test := range tests {
		o := before(t, composer.Options{}, map[string]http.HandlerFunc{"/": template(`<esi:include src="` + test.src + `" onerror="continue"/>`)})
		o.proxy.ask(t, "GET /")
		if got := o.targets(); !slices.Equal(got, []string{test.want}) {
			t.Errorf("src=%q asks for %q; want %s", test.src, got, test.want)
		}
	}
}

// TestFragmentsKeepAnEncodedSlash holds for references too, in which it is no
// other route of the fragment.
func TestFragmentsKeepAnEncodedSlash(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			var got string
			s := newSite(t, composer.Options{}, fragments{"page": template(`<esi:include src="/fragments/part/a%2Fb c"/>`)}, map[string]composer.Source{
				"part": kind.source(t, func(_ http.ResponseWriter, r *http.Request) { got = r.RequestURI }),
			})
			if s.get(t, "/"); got != "/a%2Fb%20c" {
				t.Errorf("the fragment is asked for %q; want /a%%2Fb%%20c", got)
			}
			got = ""
			r := s.request(t, http.MethodGet, "/", nil)
			r.URL.Opaque = `/fragments/part/a%2Fb"c?d"`
			if s.do(t, r); got != "/a%2Fb%22c?d%22" && got != `/a%2Fb%22c?d"` {
				t.Errorf("the fragment is asked for %q; want /a%%2Fb%%22c and its query", got)
			}
		})
	}
}

// TestAnAddressHasALimit makes one too long with a variable, or in the
// template. That is a failed include and nothing worse.
func TestAnAddressHasALimit(t *testing.T) {
	long := strings.Repeat("a", 40<<10)
	o := before(t, composer.Options{}, map[string]http.HandlerFunc{
		"/":         template(`<esi:include src="/part?$(QUERY_STRING)">instead</esi:include>`),
		"/written":  template(`<esi:include src="/part?` + long + `">instead</esi:include>`),
		"/redirect": template(`<esi:include src="/moved" redirect="follow">instead</esi:include>`),
		"/moved":    redirecting("/part?" + long),
		"/encoded":  template(`<esi:include src="/part?` + strings.Repeat("é", 4000) + `">instead</esi:include>`),
		"/part":     piece("part"),
	})
	tests := []struct{ name, target, want string }{
		{"short enough", "/?" + long[:8000], "part"},
		{"too long", "/?" + long[:9000], "instead"},
		{"far too long", "/?" + long, "instead"},
		{"as it is written", "/written", "instead"},
		{"once it is escaped", "/encoded", "instead"},
		{"where a redirect leads", "/redirect", "instead"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if a := o.proxy.ask(t, "GET "+test.target); a.status != http.StatusOK || a.body != test.want {
				t.Errorf("the page is %d %q; want %q", a.status, a.body, test.want)
			}
		})
	}
}

// TestADeniedAddressIsNeverDialed looks at whether an include reaches a server,
// in all the ways in which an address can hide where it leads. The list is
// checked once the variables are known.
func TestADeniedAddressIsNeverDialed(t *testing.T) {
	other := remote(t, piece("reached"))
	port := other.Port()
	tests := []struct {
		name    string
		allowed []string
		src     string
		query   string
		want    string
	}{
		{"an address that is allowed", []string{"127.0.0.1:" + port}, "http://127.0.0.1:" + port + "/", "", "reached"},
		{"without a scheme", []string{"127.0.0.1:" + port}, "//127.0.0.1:" + port + "/", "", "reached"},
		{"by a variable", []string{"127.0.0.1:" + port}, "http://127.0.0.1:$(QUERY_STRING{port})/", "port=" + port, "reached"},
		{"localhost by its name", []string{"localhost"}, "http://localhost:" + port + "/", "", "reached"},
		{"localhost with its port", []string{"localhost:" + port}, "http://LOCALHOST:" + port + "/", "", "reached"},

		{"nothing is allowed", nil, "http://127.0.0.1:" + port + "/", "", "denied"},
		{"another host is", []string{"example.com"}, "http://127.0.0.1:" + port + "/", "", "denied"},
		{"another port is", []string{"127.0.0.1:1"}, "http://127.0.0.1:" + port + "/", "", "denied"},
		{"its name is, and not its address", []string{"localhost"}, "http://127.0.0.1:" + port + "/", "", "denied"},
		{"its address is, and not its name", []string{"127.0.0.1"}, "http://localhost:" + port + "/", "", "denied"},
		{"another loopback address", []string{"127.0.0.1"}, "http://127.0.0.2:" + port + "/", "", "denied"},
		{"a network is no host", []string{"127.0.0.0/8"}, "http://127.0.0.1:" + port + "/", "", "denied"},
		{"by a variable that brings a host", []string{"example.com"}, "http://$(QUERY_STRING{host}):" + port + "/", "host=127.0.0.1", "denied"},
		{"by a variable that brings a whole address", []string{"127.0.0.1"}, "$(QUERY_STRING{url})", "url=http://127.0.0.1:" + port + "/", "denied"},
		{"by a variable that goes on with another host", []string{"example.com"}, "http://example.com$(QUERY_STRING{x})", "x=@127.0.0.1:" + port + "/", "denied"},
		{"a user before the host", []string{"127.0.0.1"}, "http://user@127.0.0.1:" + port + "/", "", "denied"},
		{"an allowed host as the user", []string{"example.com"}, "http://example.com@127.0.0.1:" + port + "/", "", "denied"},
		{"a dot at the end", []string{"localhost"}, "http://localhost.:" + port + "/", "", "denied"},
		{"octal", []string{"127.0.0.1"}, "http://0177.0.0.1:" + port + "/", "", "denied"},
		{"hexadecimal", []string{"127.0.0.1"}, "http://0x7f.0.0.1:" + port + "/", "", "denied"},
		{"parts that are missing", []string{"127.0.0.1"}, "http://127.1:" + port + "/", "", "denied"},
		{"one number", []string{"127.0.0.1"}, "http://2130706433:" + port + "/", "", "denied"},
		{"an IPv4 address in IPv6", []string{"127.0.0.1"}, "http://[::ffff:127.0.0.1]:" + port + "/", "", "denied"},
		{"NAT64", []string{"127.0.0.1"}, "http://[64:ff9b::7f00:1]:" + port + "/", "", "denied"},
		{"a zone", []string{"::1"}, "http://[::1%25lo]:" + port + "/", "", "denied"},
		{"something after the brackets", []string{"::1"}, "http://[::1]x:" + port + "/", "", "denied"},
		{"full-width digits", []string{"127.0.0.1"}, "http://１２７.0.0.1:" + port + "/", "", "denied"},
		{"the address of this host", []string{"127.0.0.1"}, "http://0.0.0.0:" + port + "/", "", "denied"},
		{"another scheme", []string{"127.0.0.1"}, "ftp://127.0.0.1:" + port + "/", "", "denied"},
		{"a file", []string{"127.0.0.1"}, "file:///etc/passwd", "", "denied"},
		{"backslashes", []string{"127.0.0.1"}, `\\127.0.0.1:` + port + `\`, "", "denied"},
		{"three slashes", []string{"127.0.0.1"}, "///127.0.0.1:" + port + "/", "", "denied"},
		{"a line end in the host", []string{"127.0.0.1"}, "http://127.0.0.1%0a:" + port + "/", "", "denied"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := before(t, composer.Options{AllowHosts: test.allowed}, map[string]http.HandlerFunc{
				"/": template(`<esi:include src="` + test.src + `">denied</esi:include>`),
			})
			if a := o.proxy.ask(t, "GET /?"+strings.ReplaceAll(url.PathEscape(test.query), "%2F", "/")); a.status != http.StatusOK || a.body != test.want {
				t.Errorf("with %q the include of %s is %d %q; want %s", test.allowed, test.src, a.status, a.body, test.want)
			}
		})
	}
}
