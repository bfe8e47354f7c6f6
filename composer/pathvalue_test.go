package composer_test

import (
	"net/http"
	"strings"
	"testing"

	"selvedge/composer"
)

// TestAVariableCannotChangeThePathOfAnInclude brings dot segments into paths
// (path traversal), in all the ways in which a server could read them.
func TestAVariableCannotChangeThePathOfAnInclude(t *testing.T) {
	page := func(src string) http.HandlerFunc {
		return template(`<esi:include src="` + src + `">refused</esi:include>`)
	}
	const two = "$(QUERY_STRING{lang})/$(QUERY_STRING{page})"
	o := before(t, composer.Options{ESICookies: []string{"*"}}, map[string]http.HandlerFunc{
		"/own":       page("/pages/" + two),
		"/host":      page("//shop.example/pages/" + two),
		"/joined":    page("/pages/$(QUERY_STRING{a})$(QUERY_STRING{b})/admin"),
		"/dot":       page("/pages/.$(QUERY_STRING{a})/admin"),
		"/parameter": page("/pages/$(QUERY_STRING{a});v=1/admin"),
		"/whole":     page("/pages/$(QUERY_STRING)"),
		"/cookie":    page("/pages/$(HTTP_COOKIE{a})/admin"),
		"/argument":  page("/pages/$(ESI_ARGS{a})/admin"),
		"/arguments": page("/pages/$(ESI_ARGS)/admin"),
		"/fragment":  page("/fragments/cart/$(QUERY_STRING{a})/admin"),
		"/author":    page("/pages/../$(QUERY_STRING{a})"),
		"/default":   page("/pages/$(QUERY_STRING{a}|'..')/admin"),
		"/query":     page("/search?in=$(QUERY_STRING{a})/x"),
		"/queries":   page("/search?$(QUERY_STRING)"),
	})
	tests := []struct {
		name, request string
		want          string // what the origin is asked for; empty: nothing
	}{
		{"two words", "GET /own?lang=de&page=about", "/pages/de/about"},
		{"two dots", "GET /own?lang=..&page=admin", ""},
		{"one dot", "GET /own?lang=.&page=admin", ""},
		{"at the end", "GET /own?lang=de&page=..", ""},
		{"encoded dots", "GET /own?lang=%2e%2e&page=admin", ""},
		{"dots that are encoded twice", "GET /own?lang=%252e%252e&page=admin", ""},
		{"dots that are encoded three times", "GET /own?lang=%25252e.&page=admin", ""},
		{"dots behind a slash", "GET /own?lang=de%2F..&page=admin", ""},
		{"dots behind an encoded slash", "GET /own?lang=de%252F..&page=admin", ""},
		{"dots behind a backslash", "GET /own?lang=de%5C..&page=admin", ""},
		{"dots with a parameter", "GET /own?lang=..%3Bx&page=admin", ""},
		{"dots beside a % that encodes nothing", "GET /own?lang=%25zz%252F%252e%252e&page=admin", ""},
		{"three dots are a name", "GET /own?lang=...&page=admin", "/pages/%2E%2E%2E/admin"},
		{"dots within a name", "GET /own?lang=a..b&page=v1.2", "/pages/a..b/v1.2"},
		{"behind a host that is the visitor's own", "GET /host?lang=..&page=admin", ""},
		{"a dot in each of two variables", "GET /joined?a=.&b=.", ""},
		{"a dot, and an encoded one", "GET /joined?a=.&b=%252e", ""},
		{"a dot that completes the author's", "GET /dot?a=.", ""},
		{"a name that begins with the author's dot", "GET /dot?a=well-known", "/pages/.well-known/admin"},
		{"dots before the author's parameter", "GET /parameter?a=..", ""},
		{"the whole query", "GET /whole?../admin", ""},
		{"the whole query, with a query", "GET /whole?..?a", ""},
		{"the whole query, encoded", "GET /whole?%2e%2e/admin", ""},
		{"a cookie", "GET /cookie|Cookie: a=..", ""},
		{"an argument", "GET /argument?esi_a=..", ""},
		{"all arguments", "GET /arguments?esi_a/..", ""},
		{"a fragment's path", "GET /fragment?a=..", ""},
		{"the author's own dots", "GET /author?a=x", "/x"},
		{"a default is the author's", "GET /default", "/admin"},
		{"a value in place of the default", "GET /default?a=..", ""},
		{"in a query, where they mean nothing", "GET /query?a=..", "/search?in=../x"},
		{"in a whole query", "GET /queries?u=/a/../b", "/search?u=/a/../b"},
	}
	for _, path := range []string{"/pages/de/about", "/pages/.well-known/admin", "/pages/a..b/v1.2", "/pages/.../admin", "/x", "/admin", "/search"} {
		o.documents[path] = piece("part")
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n := len(o.targets())
			lines := test.request
			if strings.HasPrefix(lines, "GET /host") {
				lines += "|Host: shop.example"
			}
			a := o.proxy.ask(t, lines)
			asked := strings.Join(o.targets()[n:], " ")
			_, got, _ := strings.Cut(asked, " ") // without the template
			if got != test.want || (a.body == "refused") != (test.want == "") {
				t.Errorf("%s asks for %q and shows %d %q; want %q", test.request, got, a.status, a.body, test.want)
			}
		})
	}
}
