package composer_test

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer"
)

// page is a template with two includes, of which the first has one more in it.
func page() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"/":      template(`<esi:include src="/outer"/><esi:include src="/other"/>`),
		"/outer": template(`<esi:include src="/inner"/>`),
		"/inner": piece("inner"), "/other": piece("other"),
	}
}

// TestIncludesOfAPageAreAskedForWithGET holds whatever the page itself was
// asked for with.
func TestIncludesOfAPageAreAskedForWithGET(t *testing.T) {
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
		for _, length := range []int64{0, 3, -1} {
			if length != 0 && (method == "GET" || method == "HEAD") {
				continue
			}
			t.Run(fmt.Sprintf("%s with a body of %d bytes", method, length), func(t *testing.T) {
				o := before(t, composer.Options{}, page())
				r := o.proxy.request(t, method, "/", http.NoBody)
				if length != 0 {
					r.Body, r.ContentLength = io.NopCloser(strings.NewReader("a=b")), length
				}
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				if a := o.proxy.do(t, r); a.body != "innerother" && method != "HEAD" {
					t.Errorf("the page is %d %q; want innerother", a.status, a.body)
				}
				for _, path := range []string{"/outer", "/inner", "/other"} {
					got := o.request(t, path)
					if got.Method != http.MethodGet || got.ContentLength != 0 || len(got.TransferEncoding) > 0 || got.Header.Get("Content-Type") != "" || got.Header.Get("Content-Length") != "" {
						t.Errorf("%s was asked for with %s, %d bytes %q and %v; want GET and no body", path, got.Method, got.ContentLength, got.TransferEncoding, got.Header)
					}
				}
			})
		}
	}
}

// everything is a request's header with all that could do harm in a request for
// an include.
const everything = "Accept-Language: de|User-Agent: test|Referer: http://a.example/b|X-Request-Id: 7|Tracestate: a=b|" +
	"Traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01|" +
	"Cookie: session=s; other=o|Authorization: Bearer t|X-Own: 1|Accept: image/png|Accept-Encoding: br|Origin: http://evil.example|" +
	`If-None-Match: "a"|If-Modified-Since: Thu, 19 Nov 2026 12:00:00 GMT|If-Range: "a"|Range: bytes=0-1|` +
	"Cache-Control: no-cache|Pragma: no-cache|Keep-Alive: 5|Te: trailers|Proxy-Authorization: x|Proxy-Connection: close|Connection: X-Hop|X-Hop: 1|" +
	"X-Forwarded-For: 10.0.0.1|X-Forwarded-Host: evil.example|X-Forwarded-Proto: https|X-Forwarded-Port: 1|X-Real-Ip: 10.0.0.1|Forwarded: for=10.0.0.1|" +
	"X-Original-Url: /evil|X-Rewrite-Url: /evil|X-Http-Method-Override: POST|X-Esi-Level: 5|Selvedge-Timeout: 99999999"

// TestWhatAnIncludeSeesOfTheRequest asks for a page with everything, and looks
// what a fragment is told.
func TestWhatAnIncludeSeesOfTheRequest(t *testing.T) {
	seen := http.Header{
		"Accept-Language": {"de"}, "User-Agent": {"test"}, "Referer": {"http://a.example/b"}, "X-Request-Id": {"7"}, "Tracestate": {"a=b"},
		"Traceparent": {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
	}
	with := func(lines ...string) http.Header {
		h := seen.Clone()
		for _, line := range lines {
			name, value, _ := strings.Cut(line, ": ")
			h.Add(name, value)
		}
		return h
	}
	tests := []struct {
		name     string
		options  composer.Options
		elements string
		want     http.Header
	}{
		{"without a word", composer.Options{Cookies: []string{}}, "", seen},
		{"one cookie", composer.Options{Cookies: []string{"session"}}, "", with("Cookie: session=s")},
		{"all cookies", composer.Options{Cookies: []string{"*"}}, "", with("Cookie: session=s; other=o")},
		{"more by name", composer.Options{Cookies: []string{}, Headers: []string{"x-own", "Authorization"}}, "", with("Authorization: Bearer t", "X-Own: 1")},
		{"a public include", composer.Options{Cookies: []string{"*"}, Headers: []string{"X-Own"}}, ` public="public"`, http.Header{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, more := range []string{"", `<esi:vars>$(QUERY_STRING)</esi:vars>`} {
				o := before(t, test.options, map[string]http.HandlerFunc{
					"/": template(more + `<esi:include src="/part"` + test.elements + `/>`), "/part": piece(""),
				})
				o.proxy.ask(t, "GET /|"+everything)
				if diff := cmp.Diff(test.want, othersIn(t, o.request(t, "/part").Header)); diff != "" {
					t.Errorf("header of the request for the include (-want +got):\n%s", diff)
				}
			}
		})
	}
}

// othersIn returns a header without what a composer says of itself, after it
// has looked at that.
func othersIn(t *testing.T, h http.Header) http.Header {
	t.Helper()
	rest := h.Clone()
	for name, want := range map[string]string{
		"Accept": "^text/html$", "Accept-Encoding": "^gzip$", "Surrogate-Capability": "^selvedge=", "Via": "^1.1 selvedge$",
		"Selvedge-Timeout": `^[1-9]\d{0,4}$`, "X-Esi-Level": "^1$", "X-Forwarded-Host": `^127\.0\.0\.1:\d+$`, "X-Forwarded-Proto": "^http$",
	} {
		if got := h[name]; len(got) != 1 || !regexp.MustCompile(want).MatchString(got[0]) {
			t.Errorf("%s = %q; want %s", name, got, want)
		}
		delete(rest, name)
	}
	return rest
}

// TestARequestWithoutAUserAgentHasNone asks without a User-Agent, which must not
// become that of a library.
func TestARequestWithoutAUserAgentHasNone(t *testing.T) {
	o := before(t, composer.Options{}, page())
	r := o.proxy.request(t, http.MethodGet, "/", nil)
	r.Header["User-Agent"] = nil
	o.proxy.do(t, r)
	for _, path := range []string{"/", "/outer", "/inner"} {
		if got, ok := o.request(t, path).Header["User-Agent"]; ok {
			t.Errorf("%s was asked for with User-Agent %q; want none", path, got)
		}
	}
}

// TestAnotherOriginSeesNoCredentials allows a second server, to which cookies
// and credentials do not go, whatever the origin's fragments see.
func TestAnotherOriginSeesNoCredentials(t *testing.T) {
	var got http.Header
	other := remote(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Header.Clone()
		_, _ = io.WriteString(w, "other")
	})
	options := composer.Options{
		AllowHosts: []string{other.Host}, Cookies: []string{"*"}, ESICookies: []string{"*"}, Headers: []string{"Authorization", "X-Own"},
	}
	o := before(t, options, map[string]http.HandlerFunc{
		"/":     template(`<esi:include src="/part"/><esi:include src="` + other.String() + `/x"/>`),
		"/part": piece("part"),
	})
	if a := o.proxy.ask(t, "GET /|"+everything); a.body != "partother" {
		t.Fatalf("the page is %d %q; want both parts", a.status, a.body)
	}
	if h := o.request(t, "/part").Header; h.Get("Cookie") == "" || h.Get("Authorization") == "" || h.Get("X-Own") == "" {
		t.Errorf("the origin's fragment sees %v; want the cookies, Authorization and X-Own", h)
	}
	want := http.Header{
		"Accept-Language": {"de"}, "User-Agent": {"test"}, "Referer": {o.proxy.server.URL + "/"}, "X-Request-Id": {"7"}, "Tracestate": {"a=b"},
		"Traceparent": {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
	}
	if diff := cmp.Diff(want, othersIn(t, got)); diff != "" {
		t.Errorf("the other origin sees (-want +got):\n%s", diff)
	}
}

// TestCookiesOnSeveralLinesAreOneList is RFC 9113 §8.2.3.
func TestCookiesOnSeveralLinesAreOneList(t *testing.T) {
	const sent, want = "Cookie: a=1; b=2|Cookie: c=\"x y\"|Cookie:  d={\"e\":1}", `a=1; b=2; c="x y"; d={"e":1}`
	o := before(t, composer.Options{Cookies: []string{"*"}, ESICookies: []string{"*"}}, map[string]http.HandlerFunc{
		"/":     template(`<esi:include src="/part"/><esi:vars>[$(HTTP_COOKIE{a})$(HTTP_COOKIE{b})|$(HTTP_COOKIE{c})|$(HTTP_COOKIE{d})|$(HTTP_COOKIE{e})][$(HTTP_COOKIE)]</esi:vars>`),
		"/part": piece(""), "/form": piece(""),
	})
	a := o.proxy.ask(t, "GET /|"+sent)
	o.proxy.ask(t, "POST /form|"+sent)
	if want := `[12|x y|{&#34;e&#34;:1}|][a=1; b=2; c=&#34;x y&#34;; d={&#34;e&#34;:1}]`; a.body != want {
		t.Errorf("the page is %s; want %s", a.body, want)
	}
	for _, path := range []string{"/", "/part", "/form"} {
		if got := o.request(t, path).Header["Cookie"]; len(got) != 1 || got[0] != want {
			t.Errorf("%s was asked for with the cookies %q; want %q", path, got, want)
		}
	}
}

// TestWhoAsksIsForUsToSay sends forwarding fields of a client's own.
func TestWhoAsksIsForUsToSay(t *testing.T) {
	const evil = "X-Forwarded-For: 10.6.6.6|X-Forwarded-Host: evil|X-Forwarded-Proto: evil|X-Forwarded-Port: evil|X-Forwarded-Prefix: /evil|X-Real-Ip: 10.6.6.6|" +
		"Forwarded: for=10.6.6.6;host=evil|X-Original-Url: /evil|X-Original-Host: evil|X-Rewrite-Url: /evil|X-Host: evil"
	o := before(t, composer.Options{}, page())
	o.documents["/form"] = piece("")
	o.proxy.ask(t, "GET /|"+evil)
	o.proxy.ask(t, "POST /form|"+evil)
	host := strings.TrimPrefix(o.proxy.server.URL, "http://")
	for _, path := range []string{"/", "/form", "/outer", "/inner"} {
		h := o.request(t, path).Header
		if h.Get("X-Forwarded-Host") != host || h.Get("X-Forwarded-Proto") != "http" {
			t.Errorf("%s: X-Forwarded-Host is %q, -Proto is %q; want %s, http", path, h["X-Forwarded-Host"], h["X-Forwarded-Proto"], host)
		}
		if got := h.Values("X-Forwarded-For"); len(got) > 0 && !slices.Equal(got, []string{"127.0.0.1"}) || len(got) == 0 && (path == "/" || path == "/form") {
			t.Errorf("%s: X-Forwarded-For = %q; want 127.0.0.1", path, got)
		}
		for name, values := range h {
			if strings.Contains(fmt.Sprint(values), "evil") || strings.Contains(fmt.Sprint(values), "6.6.6") {
				t.Errorf("%s was asked for with %s: %q", path, name, values)
			}
		}
	}
}

// TestHowDeepAnIncludeStandsIsForUsToSay lets a client claim a level, which
// would reset the limit or reach it.
func TestHowDeepAnIncludeStandsIsForUsToSay(t *testing.T) {
	for _, claimed := range []string{"", "|X-Esi-Level: 5", "|X-Esi-Level: -5", "|X-Esi-Level: evil|X-Esi-Level: 9"} {
		for _, request := range []string{"GET /", "POST /"} {
			o := before(t, composer.Options{}, page())
			if got := o.proxy.ask(t, request+claimed).body; got != "innerother" {
				t.Errorf("%s: the page is %q; want innerother", request+claimed, got)
			}
			for path, want := range map[string]string{"/": "0", "/outer": "1", "/other": "1", "/inner": "2"} {
				if got := o.request(t, path).Header["X-Esi-Level"]; !slices.Equal(got, []string{want}) {
					t.Errorf("%s: %s was asked for with X-Esi-Level %q; want %s", request+claimed, path, got, want)
				}
			}
		}
	}
}

// TestTheTraceContextPassesUnchanged is W3C Trace Context for a participant that
// exports no spans: the origin and every include belong to the visitor's parent,
// and a malformed field is for them to judge.
func TestTheTraceContextPassesUnchanged(t *testing.T) {
	const trace, parent = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
	tests := []struct {
		name, sent              string
		traceparent, tracestate []string
	}{
		{"a trace", "|Tracestate: a=b|Traceparent: 00-" + trace + "-" + parent + "-01", []string{"00-" + trace + "-" + parent + "-01"}, []string{"a=b"}},
		{"a trace without a state", "|Traceparent: 00-" + trace + "-" + parent + "-00", []string{"00-" + trace + "-" + parent + "-00"}, nil},
		{"a later version", "|Traceparent: cc-" + trace + "-" + parent + "-00-x", []string{"cc-" + trace + "-" + parent + "-00-x"}, nil},
		{"a state on two lines", "|Tracestate: a=b|Tracestate: c=d|Traceparent: 00-" + trace + "-" + parent + "-01",
			[]string{"00-" + trace + "-" + parent + "-01"}, []string{"a=b", "c=d"}},
		{"a malformed parent", "|Tracestate: a=b|Traceparent: 00-" + trace + "-" + parent, []string{"00-" + trace + "-" + parent}, []string{"a=b"}},
		{"two parents", "|Traceparent: 00-" + trace + "-" + parent + "-01|Traceparent: x", []string{"00-" + trace + "-" + parent + "-01", "x"}, nil},
		{"no parent", "", nil, nil},
	}
	for _, test := range tests {
		for _, request := range []string{"GET /", "POST /"} {
			t.Run(test.name+", "+request, func(t *testing.T) {
				o := before(t, composer.Options{}, page())
				o.proxy.ask(t, request+test.sent)
				for _, path := range []string{"/", "/outer", "/inner", "/other"} {
					h := o.request(t, path).Header
					if got := h["Traceparent"]; !slices.Equal(got, test.traceparent) {
						t.Errorf("%s was asked for with Traceparent %q; want %q", path, got, test.traceparent)
					}
					if got := h["Tracestate"]; !slices.Equal(got, test.tracestate) {
						t.Errorf("%s was asked for with Tracestate %q; want %q", path, got, test.tracestate)
					}
				}
			})
		}
	}
}

// TestAPageThatDependsOnMoreIsPrivate holds for a fragment that varies on a field
// which the operator lets it see: a cache before us does not tell them apart.
func TestAPageThatDependsOnMoreIsPrivate(t *testing.T) {
	for vary, want := range map[string]string{"X-Own": "max-age=60, private", "X-Other": "max-age=60"} {
		o := before(t, composer.Options{Headers: []string{"X-Own"}}, map[string]http.HandlerFunc{
			"/":     answering(optIn+"|Cache-Control: max-age=60", `<esi:include src="/part"/>`),
			"/part": answering("Cache-Control: max-age=60|Vary: "+vary, "x"),
		})
		got := strings.Split(o.proxy.get(t, "/").header.Get("Cache-Control"), ", ")
		if slices.Sort(got); strings.Join(got, ", ") != want {
			t.Errorf("a fragment varies on %s: Cache-Control = %q; want %s", vary, got, want)
		}
	}
}

// TestFieldsThatNoIncludeTakesOver are refused when a composer is made.
func TestFieldsThatNoIncludeTakesOver(t *testing.T) {
	for _, name := range []string{"", "a b", "a:", "Cookie", "cookie", "Range", "If-None-Match", "Expect", "Upgrade", "Connection", "Te", "Host", "Via",
		"Content-Length", "Transfer-Encoding", "X-Forwarded-For", "Forwarded", "X-Esi-Level", "Surrogate-Capability", "Accept-Encoding"} {
		if _, err := composer.New(composer.NewRegistry(), composer.Options{Headers: []string{name}}); err == nil {
			t.Errorf("fragments may receive %q; want an error", name)
		}
	}
}
