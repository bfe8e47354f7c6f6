package composer_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
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

// decisions are what a page comes to where composers differ.
var decisions = []struct{ name, template, want string }{
	{"an include that fails and has nothing in its place", `<esi:include src="/error"/>`, "502 Bad Gateway\n"},
	{"one that answers 404", `<esi:include src="/gone"/>`, "502 Bad Gateway\n"},
	{"one that loses its connection", `<esi:include src="/lost"/>`, "502 Bad Gateway\n"},
	{"one that is denied", `<esi:include src="http://denied.example/"/>`, "502 Bad Gateway\n"},
	{"one without an address", `<esi:include/>`, "502 Bad Gateway\n"},
	{"one that is late", `<esi:include src="/late" maxwait="20"/>`, "504 Gateway Timeout\n"},
	{"201 is a success", `<esi:include src="/created"/>`, "200 created"},
	{"204 is a success", `<esi:include src="/nothing"/>.`, "200 ."},
	{"a redirect is a failure", `<esi:include src="/moved"/>`, "502 Bad Gateway\n"},
	{"a fragment is read as ESI if it opts in", `<esi:include src="/nested"/>`, "200 [part]"},
	{"and otherwise is not", `<esi:include src="/raw"/>`, `200 <esi:include src="/part"/>`},
	{"comments are opaque", `<!-- <esi:include src="/error"/> -->`, `200 <!-- <esi:include src="/error"/> -->`},
	{"so is CDATA", `<![CDATA[<esi:include src="/error"/>]]>`, `200 <![CDATA[<esi:include src="/error"/>]]>`},
	{"scripts and styles are not", `<script>"<esi:include src="/part"/>"</script><style><esi:include src="/part"/></style>`, `200 <script>"part"</script><style>part</style>`},
	{"an element that is unknown is taken out", `a<esi:unknown x="y">b</esi:unknown>c<esi:other/>`, "200 abc"},
	{"text has no variables", `$(QUERY_STRING)`, "200 $(QUERY_STRING)"},
	{"branches have", `<esi:choose><esi:when test="1==1">$(QUERY_STRING)</esi:when></esi:choose><esi:try><esi:attempt>$(QUERY_STRING)</esi:attempt></esi:try>`, "200 qq"},
	{"a language that is not in the list", `<esi:vars>$(HTTP_ACCEPT_LANGUAGE{xx})</esi:vars>`, "200 false"},
	{"fragments in fragments, five deep", `<esi:include src="/itself"/>`, "200 .....end"},
	{"256 includes", strings.Repeat(`<esi:include src="/part" onerror="continue"/>`, 256), "200 " + strings.Repeat("part", 256)},
}

// TestWhereComposersDiffer holds what ours does.
func TestWhereComposersDiffer(t *testing.T) {
	for _, test := range decisions {
		t.Run(test.name, func(t *testing.T) {
			o := before(t, composer.Options{}, parts())
			o.documents["/page"] = template(test.template)
			a := o.proxy.ask(t, "GET /page?q")
			if got := fmt.Sprint(a.status, " ", a.body); got != test.want || a.err != nil {
				t.Errorf("%.200s makes the page %.200q, %v; want %.200q", test.template, got, a.err, test.want)
			}
		})
	}
}

// TestThe257thIncludeFails holds for one of them, whichever that is.
func TestThe257thIncludeFails(t *testing.T) {
	o := before(t, composer.Options{}, parts())
	o.documents["/page"] = template(strings.Repeat(`<esi:include src="/part">end</esi:include>`, 257))
	body := o.proxy.get(t, "/page").body
	if parts, ends := strings.Count(body, "part"), strings.Count(body, "end"); parts != 256 || ends != 1 {
		t.Errorf("the page has %d parts and %d fallbacks; want 256 and 1", parts, ends)
	}
}

// TestAnUnknownElementIsWarnedAbout names line and column.
func TestAnUnknownElementIsWarnedAbout(t *testing.T) {
	o := before(t, composer.Options{}, map[string]http.HandlerFunc{"/": template("a\n <esi:unknown/>")})
	want := []string{"2:2: esi:unknown is unknown and was taken out"}
	if got := o.proxy.ask(t, "GET /").header.Values("Selvedge-Warning"); !slices.Equal(got, want) {
		t.Errorf("Selvedge-Warning = %q; want %q", got, want)
	}
}

// TestCommentsOfESIInEachOtherEnd holds that they do not hang; what they come
// to is for nobody to rely on.
func TestCommentsOfESIInEachOtherEnd(t *testing.T) {
	o := before(t, composer.Options{}, map[string]http.HandlerFunc{"/": template(strings.Repeat("<!--esi a", 1000) + strings.Repeat("-->", 1000) + "end")})
	if a := o.proxy.ask(t, "GET /"); a.status != http.StatusOK || !strings.HasSuffix(a.body, "end") {
		t.Errorf("the page is %d and ends with %.20q", a.status, a.body[max(0, len(a.body)-20):])
	}
}

// TestAFailureAfterTheFirstByteCutsThePage waits until the beginning of the page
// has reached the visitor.
func TestAFailureAfterTheFirstByteCutsThePage(t *testing.T) {
	seen := make(chan struct{})
	o := before(t, composer.Options{}, map[string]http.HandlerFunc{
		"/": template(`beginning<esi:include src="/part"/>end`),
		"/part": func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-seen:
			case <-r.Context().Done():
			}
			status(500, "secret")(w, r)
		},
	})
	res, err := o.proxy.server.Client().Do(o.proxy.request(t, http.MethodGet, "/", nil))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	first := make([]byte, len("beginning"))
	if _, err := io.ReadFull(res.Body, first); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("the page begins with %d %q, %v", res.StatusCode, first, err)
	}
	close(seen)
	if rest, err := io.ReadAll(res.Body); !errors.Is(err, io.ErrUnexpectedEOF) || len(rest) > 0 {
		t.Errorf("the page goes on with %q, %v; want that it is cut", rest, err)
	}
}

// TestACircleThroughIncludesEnds lets a page include itself through the proxy,
// under another name each time, so that no limit of one page counts.
func TestACircleThroughIncludesEnds(t *testing.T) {
	o := before(t, composer.Options{AllowHosts: []string{"localhost", "127.0.0.1"}, CacheSize: -1}, nil)
	names := []string{"127.0.0.1:" + o.port(), "localhost:" + o.port()}
	o.documents = map[string]http.HandlerFunc{"/": func(w http.ResponseWriter, r *http.Request) {
		other := names[0]
		if r.Host == other {
			other = names[1]
		}
		template(`.<esi:include src="http://`+other+`/">end</esi:include>`)(w, r)
	}}
	if a := o.proxy.ask(t, "GET /"); a.body != ".........end" {
		t.Errorf("the page is %d %q after %d requests; want nine dots and an end", a.status, a.body, len(o.requests("/")))
	}
}

// TestNothingOfAVisitorIsStoredForOthers sends what is no part of a key, and
// looks for it in what the next visitor gets (cache poisoning).
func TestNothingOfAVisitorIsStoredForOthers(t *testing.T) {
	poison := []string{
		"X-Forwarded-Host: evil", "X-Forwarded-Proto: evil", "X-Forwarded-For: evil", "X-Forwarded-Port: evil", "X-Forwarded-Prefix: /evil", "X-Forwarded-Server: evil",
		"X-Forwarded-Scheme: evil", "X-Host: evil", "X-Original-Url: /evil", "X-Original-Host: evil", "X-Rewrite-Url: /evil", "X-Real-Ip: evil", "Forwarded: host=evil",
		"X-Esi-Level: evil", "Selvedge-Timeout: evil", "Via: 1.1 evil (evil)", "Range: bytes=0-1", `If-None-Match: "evil"`, "Connection: evil", "Keep-Alive: evil", "Te: evil",
	}
	// Everything that an origin could write into a page, but for what we say
	// ourselves and what it would have to name in Vary.
	echo := func(w http.ResponseWriter, r *http.Request) {
		set(w, "Cache-Control: max-age=60", htmlType)
		_, _ = fmt.Fprintf(w, "%s %s %s", r.Method, r.Host, r.RequestURI)
		for _, name := range slices.Sorted(func(yield func(string) bool) {
			for name := range r.Header {
				if !yield(name) {
					return
				}
			}
		}) {
			if name != "Via" && name != "X-Request-Id" {
				_, _ = fmt.Fprintf(w, "\n%s: %q", name, r.Header[name])
			}
		}
	}
	for _, line := range poison {
		name, value, _ := strings.Cut(line, ": ")
		o := before(t, composer.Options{}, map[string]http.HandlerFunc{"/": echo, "/part": echo, "/page": func(w http.ResponseWriter, r *http.Request) {
			set(w, "Cache-Control: max-age=60", optIn[:len(htmlType)], `Surrogate-Control: content="ESI/1.0"`)
			_, _ = io.WriteString(w, `<esi:include src="/part"/>`)
		}})
		for _, target := range []string{"/", "/page"} {
			r := o.proxy.request(t, http.MethodGet, target, nil)
			r.Header.Set(name, value)
			o.proxy.do(t, r)
			if got := o.proxy.get(t, target); strings.Contains(got.body, "evil") || got.status != http.StatusOK || len(got.body) < 10 {
				t.Errorf("after one with %s, another visitor gets %d %s", line, got.status, got.body)
			}
		}
	}
}

// TestAHostIsAPartOfTheKey holds for pages and for what they include: a client
// that claims another Host gets what is made for that, and nobody else does.
func TestAHostIsAPartOfTheKey(t *testing.T) {
	echo := func(w http.ResponseWriter, r *http.Request) {
		set(w, "Cache-Control: max-age=60", htmlType)
		_, _ = io.WriteString(w, r.Host+r.Header.Get("X-Forwarded-Host"))
	}
	o := before(t, composer.Options{}, map[string]http.HandlerFunc{
		"/": echo, "/part": echo, "/page": answering(optIn+"|Cache-Control: max-age=60", `<esi:include src="/part"/>`),
	})
	for _, target := range []string{"/", "/page"} {
		for _, host := range []string{"evil.example", "shop.example", "shop.example:81"} {
			r := o.proxy.request(t, http.MethodGet, target, nil)
			r.Host = host
			if a := o.proxy.do(t, r); !strings.Contains(a.body, host) || strings.Contains(a.body, "evil") != (host == "evil.example") {
				t.Errorf("%s at %s is %q; want one made for it", target, host, a.body)
			}
		}
	}
}
