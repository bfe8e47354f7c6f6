package composer_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"selvedge/composer"
)

// parts are what the templates of these tests include.
func parts() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"/part": piece("part"), "/a/part": piece("a-part"), "/a/b/part": piece("b-part"), "/other": piece("other"), "/": piece("root"),
		"/large": piece(`<ul><li id="one">1</li><li id="two"><b>2</b></li></ul>`),
		"/echo": func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "("+r.URL.RawQuery+")")
		},
		"/error": status(500, "secret"), "/gone": status(404, "secret"), "/created": status(201, "created"), "/nothing": status(204, ""),
		"/lost":    func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"/late":    func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"/moved":   redirecting("/part"),
		"/away":    redirecting("http://other.example/part"),
		"/round":   redirecting("/round"),
		"/raw":     piece(`<esi:include src="/part"/>`),
		"/nested":  template(`[<esi:include src="/part"/>]`),
		"/itself":  template(`.<esi:include src="/itself">end</esi:include>`),
		"/a/b/rel": template(`<esi:include src="part"/>,<esi:include src="../part"/>,<esi:include src="/part"/>`),
		"/a/moved": redirecting("b/rel"),
	}
}

// pageTests are templates at /a/page with the pages that they make, for a visitor who
// asks with a query, a cookie and some more.
var pageTests = []struct{ name, template, want string }{
	{"a path", `<esi:include src="/part"/>`, "part"},
	{"a path and a query", `<esi:include src="/echo?a=1&amp;b=2"/>`, "(a=1&b=2)"},
	{"a relative path", `<esi:include src="part"/>`, "a-part"},
	{"a relative path with a dot", `<esi:include src="./b/part"/>`, "b-part"},
	{"a relative path upwards", `<esi:include src="../part"/>`, "part"},
	{"the root", `<esi:include src=".."/>`, "root"},
	{"the address of the origin", `<esi:include src="ORIGIN/part"/>`, "part"},
	{"the address of the visitor", `<esi:include src="http://VISITOR/part"/>`, "part"},
	{"the address of the visitor by https", `<esi:include src="https://VISITOR/part"/>`, "part"},
	{"the address of the visitor by a variable", `<esi:include src="http://$(HTTP_HOST)/part"/>`, "part"},
	{"the address of the visitor without a scheme", `<esi:include src="//VISITOR/part"/>`, "part"},
	{"an allowed host", `<esi:include src="ALLOWED/x"/>`, "allowed /x"},
	{"an allowed host without a scheme", `<esi:include src="//ALLOWEDHOST/x?y"/>`, "allowed /x?y"},
	{"a relative include of an allowed host", `<esi:include src="ALLOWED/dir/nested"/>`, "[allowed /dir/x]"},
	{"a denied host", `<esi:include src="http://denied.example/x">denied</esi:include>`, "denied"},
	{"a denied host of an allowed one", `<esi:include src="ALLOWED/denied"/>`, "[denied]"},
	{"an include of a fragment", `<esi:include src="/nested"/>`, "[part]"},
	{"relative includes of a fragment in another directory", `<esi:include src="/a/b/rel"/>`, "b-part,a-part,part"},
	{"relative includes of where a redirect leads", `<esi:include src="/a/moved" redirect="follow"/>`, "b-part,a-part,part"},
	{"a part by its id", `<esi:include src="/large#two"/>`, `<li id="two"><b>2</b></li>`},
	{"a part that is not there", `<esi:include src="/large#three">none</esi:include>`, "none"},
	{"an open include", `<esi:include src="/part">,`, "part,"},

	{"the query", `<esi:include src="/echo?$(QUERY_STRING)"/>`, "(a=1&b=x%20y&a=2)"},
	{"a key of the query", `<esi:include src="/echo?v=$(QUERY_STRING{a})&amp;w=$(QUERY_STRING{b})"/>`, "(v=1&w=x%20y)"},
	{"the host in text", `<esi:vars>$(HTTP_HOST)</esi:vars>`, "VISITOR"},
	{"a key in text", `<esi:vars>$(QUERY_STRING{b})</esi:vars>`, "x y"},
	{"a default", `<esi:vars>$(QUERY_STRING{c}|none)</esi:vars>`, "none"},
	{"a cookie", `<esi:vars>$(HTTP_COOKIE{group})</esi:vars>`, "gold"},
	{"a cookie in an address", `<esi:include src="/echo?$(HTTP_COOKIE{group})"/>`, "(gold)"},
	{"a cookie that is not allowed", `<esi:vars>[$(HTTP_COOKIE{session})][$(HTTP_COOKIE)]</esi:vars>`, "[][group=gold]"},
	{"vars by attribute", `<esi:vars name="$(HTTP_COOKIE{group})"/>`, "gold"},
	{"languages", `<esi:vars>$(HTTP_ACCEPT_LANGUAGE{de}),$(HTTP_ACCEPT_LANGUAGE{fr})</esi:vars>`, "true,false"},
	{"the browser", `<esi:vars>$(HTTP_USER_AGENT{browser}) $(HTTP_USER_AGENT{os}) $(HTTP_USER_AGENT{version})</esi:vars>`, "MOZILLA UNIX 5.0"},
	{"the referer", `<esi:vars><a href="$(HTTP_REFERER)"></esi:vars>`, `<a href="http://a.example/?b&amp;c">`},
	{"text outside vars", `$(document).ready $(HTTP_HOST)`, "$(document).ready $(HTTP_HOST)"},

	{"choose", `<esi:choose><esi:when test="$(HTTP_COOKIE{group})=='gold'">gold $(QUERY_STRING{a})</esi:when><esi:otherwise>other</esi:otherwise></esi:choose>`, "gold 1"},
	{"otherwise", `<esi:choose><esi:when test="$(QUERY_STRING{a})>1"><esi:include src="/error"/></esi:when><esi:otherwise><esi:include src="/part"/></esi:otherwise></esi:choose>`, "part"},
	{"no branch", `<esi:choose><esi:when test="$(QUERY_STRING{x})=='1'">x</esi:when></esi:choose>.`, "."},
	{"try", `<esi:try><esi:attempt>a<esi:include src="/part"/></esi:attempt><esi:except>b</esi:except></esi:try>`, "apart"},
	{"except", `<esi:try><esi:attempt>a<esi:include src="/error"/></esi:attempt><esi:except>b<esi:include src="/part"/></esi:except></esi:try>`, "bpart"},
	{"a try in a try", `<esi:try><esi:attempt><esi:try><esi:attempt><esi:include src="/gone"/></esi:attempt><esi:except><esi:include src="/gone"/></esi:except></esi:try></esi:attempt><esi:except>outer</esi:except></esi:try>`, "outer"},
	{"remove", `a<esi:remove>b<esi:include src="/error"/></esi:remove>c`, "ac"},
	{"comment", `a<esi:comment text="b"/>c`, "ac"},
	{"text", `a<esi:text><esi:include src="/error"/>$(HTTP_HOST)</esi:text>c`, `a<esi:include src="/error"/>$(HTTP_HOST)c`},
	{"inline", `a<esi:inline name="/x" fetchable="yes">b</esi:inline>c`, "abc"},
	{"a comment of ESI", `a<!--esi <esi:include src="/part"/>-->c`, "a partc"},

	{"alt", `<esi:include src="/error" alt="/part"/>`, "part"},
	{"alt where src is denied", `<esi:include src="http://denied.example/" alt="/part"/>`, "part"},
	{"content", `<esi:include src="/error" alt="/gone">instead <esi:include src="/part"/></esi:include>`, "instead part"},
	{"alt before content before onerror", `<esi:include src="/error" alt="/other" onerror="continue">content</esi:include>`, "other"},
	{"content before onerror", `<esi:include src="/error" onerror="continue">content</esi:include>`, "content"},
	{"onerror", `a<esi:include src="/error" onerror="continue"/>b`, "ab"},
	{"maxwait", `<esi:include src="/late" maxwait="20">late</esi:include>`, "late"},
	{"maxwait and alt", `<esi:include src="/late" alt="/part" maxwait="20"/>`, "part"},
	{"a redirect that is followed", `<esi:include src="/moved" redirect="follow"/>`, "part"},
	{"a redirect that is not", `<esi:include src="/moved">moved</esi:include>`, "moved"},
	{"a redirect to another origin", `<esi:include src="/away" redirect="follow">away</esi:include>`, "away"},
	{"a redirect in a circle", `<esi:include src="/round" redirect="follow">round</esi:include>`, "round"},
	{"primary", `a<esi:include src="/part" primary="primary"/>`, "apart"},
	{"required", `a<esi:include src="/part" required="required"/>`, "apart"},
	{"public", `a<esi:include src="/part" public="public"/>`, "apart"},
	{"ttl and no-store", `<esi:include src="/part" ttl="5m"/><esi:include src="/part" no-store="on"/>`, "partpart"},
}

// TestTheLanguageBeforeAnOrigin asks for pages as a person would with curl, once
// for a template that comes and once more for one that is stored.
func TestTheLanguageBeforeAnOrigin(t *testing.T) {
	allowed := remote(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/dir/nested":
			template(`[<esi:include src="x"/>]`)(w, r)
		case "/denied":
			template(`[<esi:include src="http://denied.example/">denied</esi:include>]`)(w, r)
		default:
			_, _ = io.WriteString(w, "allowed "+r.RequestURI)
		}
	})
	for _, test := range pageTests {
		t.Run(test.name, func(t *testing.T) {
			o := before(t, composer.Options{ESICookies: []string{"group"}, AllowHosts: []string{allowed.Host}}, parts())
			visitor := strings.TrimPrefix(o.proxy.server.URL, "http://")
			var stands strings.Replacer
			o.documents["/a/page"] = func(w http.ResponseWriter, r *http.Request) {
				set(w, "Cache-Control: max-age=60")
				template(stands.Replace(test.template))(w, r)
			}
			stands = *strings.NewReplacer("ORIGIN", o.url.String(), "VISITOR", visitor, "ALLOWEDHOST", allowed.Host, "ALLOWED", allowed.String())
			for range 2 {
				a := o.proxy.ask(t, "GET /a/page?a=1&b=x%20y&a=2|Cookie: group=gold; session=s|Accept-Language: de;q=0.5, en|Referer: http://a.example/?b&c|User-Agent: Mozilla/5.0 (X11; Linux)")
				if want := stands.Replace(test.want); a.status != http.StatusOK || a.err != nil || a.body != want {
					t.Errorf("%s makes the page %d %q, %v; want %q", test.template, a.status, a.body, a.err, want)
				}
			}
			if n := len(o.requests("/a/page")); n != 1 {
				t.Errorf("the template was asked for %d times; want once", n)
			}
		})
	}
}

// TestTheVisitorsHostIsTheOrigin holds however they write it.
func TestTheVisitorsHostIsTheOrigin(t *testing.T) {
	tests := []struct{ host, src, want string }{
		{"shop.example", "http://shop.example/part", "part"},
		{"Shop.EXAMPLE:80", "http://shop.example/part", "part"},
		{"shop.example", "http://SHOP.example:80/part", "part"},
		{"shop.example:8080", "//shop.example:8080/part", "part"},
		{"shop.example:443", "https://shop.example/part", "part"},
		{"shop.example:8080", "http://shop.example/part", "denied"},
		{"shop.example", "http://shop.example.evil/part", "denied"},
		{"my_shop", "http://shop.example/part", "denied"},
	}
	for _, test := range tests {
		o := before(t, composer.Options{}, parts())
		o.documents["/page"] = template(`<esi:include src="` + test.src + `">denied</esi:include>`)
		r := o.proxy.request(t, http.MethodGet, "/page", nil)
		r.Host = test.host
		if got := o.proxy.do(t, r).body; got != test.want {
			t.Errorf("at %s the include of %s is %q; want %s", test.host, test.src, got, test.want)
		}
	}
}
