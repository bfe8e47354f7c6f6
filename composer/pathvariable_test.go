package composer_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"selvedge/composer"
)

// routed serves a handler at a pattern of a net/http.ServeMux.
func routed(t *testing.T, pattern string, h http.Handler) *httptest.Server {
	mux := http.NewServeMux()
	mux.Handle(pattern, h)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

// requestWith asks for a target with one field, and returns the whole answer.
func requestWith(t *testing.T, server *httptest.Server, target, name, value string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+target, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if name != "" {
		r.Header.Set(name, value)
	}
	return ask(t, server.Client(), r)
}

func TestATemplateHasTheValuesOfThePagesPath(t *testing.T) {
	const slug = "$(SELVEDGE_PATH{slug})"
	tests := []struct{ name, template, target, want string }{
		{"in text", `<esi:vars>` + slug + `</esi:vars>`, "/blog/tom%20&%20%3Cb%3E", "tom &amp; &lt;b&gt;"},
		{"none of its name", `<esi:vars>[$(SELVEDGE_PATH{other})$(SELVEDGE_PATH)]</esi:vars>`, "/blog/a", "[]"},
		{"a default", `<esi:vars>$(SELVEDGE_PATH{other}|none)</esi:vars>`, "/blog/a", "none"},
		{"in a test", `<esi:choose><esi:when test="` + slug + `=='a'">yes</esi:when></esi:choose>`, "/blog/a", "yes"},
		{"in a query", `<esi:include src="/fragments/part/x?s=` + slug + `"/>`, "/blog/a%26b%3D%2Fc%20d", "/x?s=a%26b%3D%2Fc%20d"},
		{"in a path", `<esi:include src="/fragments/part/` + slug + `/x"/>`, "/blog/a%3Fb", "/a%3Fb/x"},
		{"two dots in a path", `<esi:include src="/fragments/part/` + slug + `/x">refused</esi:include>`, "/blog/%2E%2E", "refused"},
		{"dots that are encoded twice", `<esi:include src="/fragments/part/` + slug + `/x">refused</esi:include>`, "/blog/%252e%252e", "refused"},
		{"a dot in a path", `<esi:include src="/fragments/part/` + slug + `/x">refused</esi:include>`, "/blog/%2E", "refused"},
		{"a slash in a path", `<esi:include src="/fragments/part/` + slug + `/x">refused</esi:include>`, "/blog/a%2Fb", "refused"},
		{"a slash within a segment", `<esi:include src="/fragments/part/s-` + slug + `.html">refused</esi:include>`, "/blog/a%2Fb", "refused"},
		{"in a slot", `<esi:include src="/-/slots/extras"/>`, "/blog/a", "/thread?slug=a"},
	}
	for _, front := range []string{"page", "served page", "proxy"} {
		for _, test := range tests {
			t.Run("of a "+front+" "+test.name, func(t *testing.T) {
				origin := remote(t, template(test.template))
				c := newComposer(t, composer.Options{Origin: origin}, fragments{"page": template(test.template), "part": func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.URL.RequestURI()) }}, nil)
				mount(t, c, "/-/slots/", template(`<esi:include src="/fragments/part/thread?slug=`+slug+`"/>`))
				handler := map[string]http.Handler{
					"page": c.Page("page"), "proxy": c.Proxy(),
					"served page": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						if err := c.ServePage(w, r, "/fragments/page/post"); err != nil {
							t.Error(err)
						}
					}),
				}[front]
				if front == "page" && (test.target == "/blog/%2E%2E" || test.target == "/blog/%2E") {
					t.Skip("the template of the page has its path, which is refused")
				}
				if got := requestWith(t, routed(t, "GET /blog/{slug}", handler), test.target, "", "").body; got != test.want {
					t.Errorf("%s is %q; want %q", test.target, got, test.want)
				}
			})
		}
	}
}

func TestATemplateHasTheRestOfAPath(t *testing.T) {
	c := newComposer(t, composer.Options{}, fragments{
		"page": template(`<esi:include src="/fragments/part/x?p=$(SELVEDGE_PATH{path})"/><esi:include src="/fragments/part/$(SELVEDGE_PATH{path})">refused</esi:include>`),
		"part": func(w http.ResponseWriter, r *http.Request) { _, _ = fmt.Fprint(w, r.URL.Query().Get("p"), " ") },
	}, nil)
	if got, want := requestWith(t, routed(t, "/docs/{path...}", c.Page("page")), "/docs/guide/intro", "", "").body, "guide/intro refused"; got != want {
		t.Errorf("the page is %q; want %q", got, want)
	}
}

// TestAPageWithAValueOfItsPathIsRightForEach serves pages of one stored template. Each has an
// ETag of its own, and no page is taken for another.
func TestAPageWithAValueOfItsPathIsRightForEach(t *testing.T) {
	for name, body := range map[string]string{
		"in text":       `<esi:vars>$(SELVEDGE_PATH{slug})</esi:vars>`,
		"in an address": `<esi:include src="/fragments/part/x?$(SELVEDGE_PATH{slug})" required="required"/>`,
		"in a test":     `<esi:choose><esi:when test="$(SELVEDGE_PATH{slug})=='a'">a</esi:when><esi:otherwise>b</esi:otherwise></esi:choose>`,
	} {
		t.Run(name, func(t *testing.T) {
			stored := func(h http.HandlerFunc) http.HandlerFunc {
				return with(`Cache-Control: max-age=60|ETag: "1"`, h)
			}
			c := newComposer(t, composer.Options{}, fragments{
				"shell": stored(template(body)),
				"part":  stored(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.URL.RawQuery) }),
			}, nil)
			server := routed(t, "/blog/{slug}", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if err := c.ServePage(w, r, "/fragments/shell/post"); err != nil {
					t.Error(err)
				}
			}))
			tags := make(map[string]string)
			for range 3 {
				for _, slug := range []string{"a", "b"} {
					a := requestWith(t, server, "/blog/"+slug, "", "")
					if a.body != slug || a.header.Get("ETag") == "" {
						t.Errorf("/blog/%s is %q with the ETag %q; want %q with one", slug, a.body, a.header.Get("ETag"), slug)
					}
					tags[slug] = a.header.Get("ETag")
				}
			}
			if own, other := requestWith(t, server, "/blog/a", "If-None-Match", tags["a"]), requestWith(t, server, "/blog/b", "If-None-Match", tags["a"]); own.status != 304 || other.status != 200 || tags["a"] == tags["b"] {
				t.Errorf("with the ETags %v of /blog/a, it is %d and /blog/b %d; want 304 and 200", tags, own.status, other.status)
			}
		})
	}
}
