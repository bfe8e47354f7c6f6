package composer_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"selvedge/composer"
)

const (
	htmlType = "Content-Type: text/html"
	optIn    = htmlType + `|Surrogate-Control: content="ESI/1.0"`

	markup    = `<esi:remove>a</esi:remove>b`
	completed = "b"
)

// TestEveryRequestSaysThatWeReadESI is Edge Architecture 1.0 §2.1: for the
// template and what does not come out of the store, with what surrogates before
// us have said. What is included is everybody's, so it hears of us alone.
func TestEveryRequestSaysThatWeReadESI(t *testing.T) {
	const ours = `selvedge="Surrogate/1.0 ESI/1.0"`
	tests := []struct{ name, sent, want string }{
		{"nobody before us", "", ours},
		{"another surrogate", `|Surrogate-Capability: abc="ESI/0.8"`, `abc="ESI/0.8", ` + ours},
		{"two others, on two lines", `|Surrogate-Capability: a="ESI/1.0"|Surrogate-Capability: b="ESI/1.0"`, `a="ESI/1.0", b="ESI/1.0", ` + ours},
		{"one of our name", `|Surrogate-Capability: selvedge="ESI/1.0"`, `selvedge="ESI/1.0", selvedge2="Surrogate/1.0 ESI/1.0"`},
		{"two of our name", `|Surrogate-Capability: selvedge="ESI/1.0", selvedge2="ESI/1.0"`, `selvedge="ESI/1.0", selvedge2="ESI/1.0", selvedge3="Surrogate/1.0 ESI/1.0"`},
		{"one whose name ends like ours", `|Surrogate-Capability: my-selvedge="ESI/1.0"`, `my-selvedge="ESI/1.0", ` + ours},
		{"one that says our name in quotes", `|Surrogate-Capability: a="selvedge=1"`, `a="selvedge=1", ` + ours},
		{"one of our name and spaces", `|Surrogate-Capability: a="x" , selvedge = "ESI/1.0"`, `a="x" , selvedge = "ESI/1.0", selvedge2="Surrogate/1.0 ESI/1.0"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := before(t, composer.Options{}, map[string]http.HandlerFunc{
				"/":       answering(optIn, `<esi:include src="/part"/><esi:include src="/missing" alt="/other" onerror="continue"/>`),
				"/part":   answering(optIn, `<esi:include src="/nested"/>`),
				"/nested": piece("x"), "/other": piece("y"), "/form": piece(""), "/plain": piece(""),
			})
			for _, request := range []string{"GET /", "POST /form", "HEAD /plain"} {
				o.proxy.ask(t, request+test.sent)
			}
			for path, want := range map[string]string{
				"/": test.want, "/form": test.want, "/plain": test.want,
				"/part": ours, "/nested": ours, "/missing": ours, "/other": ours,
			} {
				if got := o.request(t, path).Header.Values("Surrogate-Capability"); len(got) != 1 || got[0] != want {
					t.Errorf("%s was asked for with Surrogate-Capability %q; want %q", path, got, want)
				}
			}
		})
	}
}

// TestFragmentsOfASiteHearThatWeReadESI is the same for fragments by name.
func TestFragmentsOfASiteHearThatWeReadESI(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			var got []string
			s := newSite(t, composer.Options{}, fragments{"page": template(`<esi:include src="/fragments/part/x"/>`)}, map[string]composer.Source{
				"part": kind.source(t, func(_ http.ResponseWriter, r *http.Request) { got = r.Header["Surrogate-Capability"] }),
			})
			s.ask(t, `GET /|Surrogate-Capability: selvedge="ESI/1.0"`)
			if want := `selvedge="Surrogate/1.0 ESI/1.0"`; len(got) != 1 || got[0] != want {
				t.Errorf("Surrogate-Capability = %q; want %q", got, want)
			}
		})
	}
}

// TestWhichAnswersAreCompleted is Edge Architecture 1.0 §2.2. A document that
// does not opt in passes byte for byte.
func TestWhichAnswersAreCompleted(t *testing.T) {
	aliases := composer.Options{OptInAliases: true}
	tests := []struct {
		name    string
		options composer.Options
		header  string
		want    bool
	}{
		{"it opts in", composer.Options{}, optIn, true},
		{"it does not", composer.Options{}, htmlType, false},
		{"an older version", composer.Options{}, htmlType + `|Surrogate-Control: content="ESI/0.8"`, true},
		{"a later version", composer.Options{}, htmlType + `|Surrogate-Control: content="ESI/1.1"`, false},
		{"a later version, and ours", composer.Options{}, htmlType + `|Surrogate-Control: content="ESI/1.1 ESI/1.0"`, true},
		{"a version with a word in it", composer.Options{}, htmlType + `|Surrogate-Control: content="ESI/1foo"`, false},
		{"a version of nothing", composer.Options{}, htmlType + `|Surrogate-Control: content="ESI/"`, false},
		{"another language", composer.Options{}, htmlType + `|Surrogate-Control: content="SSI/1.0"`, false},
		{"ours among others", composer.Options{}, htmlType + `|Surrogate-Control: content="SSI/1.0 ESI/1.0"`, true},
		{"without quotes", composer.Options{}, htmlType + `|Surrogate-Control: content=ESI/1.0`, true},
		{"beside other directives", composer.Options{}, htmlType + `|Surrogate-Control: max-age=60, content="ESI/1.0"`, true},
		{"on another line", composer.Options{}, htmlType + `|Surrogate-Control: max-age=60|Surrogate-Control: content="ESI/1.0"`, true},
		{"for us", composer.Options{}, htmlType + `|Surrogate-Control: content="ESI/1.0";selvedge`, true},
		{"for another one", composer.Options{}, htmlType + `|Surrogate-Control: content="ESI/1.0";other`, false},
		{"no-store", composer.Options{}, htmlType + `|Surrogate-Control: no-store, content="ESI/1.0"`, true},

		{"Edge-Control", composer.Options{}, htmlType + "|Edge-Control: dca=esi", false},
		{"Edge-Control where it may", aliases, htmlType + "|Edge-Control: max-age=60, dca=esi", true},
		{"Edge-Control that says something else", aliases, htmlType + "|Edge-Control: dca=noop", false},
		{"X-Esi", composer.Options{}, htmlType + "|X-Esi: 1", false},
		{"X-Esi where it may", aliases, htmlType + "|X-Esi: 1", true},
		{"X-Esi that says no", aliases, htmlType + "|X-Esi: 0", false},

		{"XHTML", composer.Options{}, strings.Replace(optIn, "text/html", "application/xhtml+xml", 1), true},
		{"XML", composer.Options{}, strings.Replace(optIn, "text/html", "text/xml", 1), true},
		{"HTML in capitals and with a charset", composer.Options{}, strings.Replace(optIn, "text/html", "Text/HTML;charset=utf-8", 1), true},
		{"JSON", composer.Options{}, strings.Replace(optIn, "text/html", "application/json", 1), false},
		{"an image", composer.Options{}, strings.Replace(optIn, "text/html", "image/svg+xml", 1), false},
		{"plain text", composer.Options{}, strings.Replace(optIn, "text/html", "text/plain", 1), false},
		{"plain text where it may", composer.Options{ESITypes: []string{"text/plain"}}, strings.Replace(optIn, "text/html", "text/plain", 1), true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.options.ObeyRequestCacheControl = true
			o := before(t, test.options, map[string]http.HandlerFunc{"/": answering(test.header, markup)})
			for _, request := range []string{"GET /", "POST /", "GET /|Cache-Control: no-store"} {
				a, want := o.proxy.ask(t, request), markup
				if test.want {
					want = completed
				}
				if a.status != http.StatusOK || a.body != want {
					t.Errorf("%s is answered with %d %q; want %q", request, a.status, a.body, want)
				}
				for _, name := range []string{"Surrogate-Control", "Edge-Control", "X-Esi"} {
					if got := a.header.Values(name); got != nil && (name == "Surrogate-Control" || test.want) {
						t.Errorf("%s is answered with %s: %q; want none", request, name, got)
					}
				}
			}
		})
	}
}

// TestADocumentThatDoesNotOptInKeepsItsHeader holds for its length and its
// validators too.
func TestADocumentThatDoesNotOptInKeepsItsHeader(t *testing.T) {
	o := before(t, composer.Options{}, map[string]http.HandlerFunc{
		"/": answering(htmlType+`|Cache-Control: max-age=60|ETag: "a"`, markup),
	})
	for range 2 {
		a := o.proxy.ask(t, "GET /|Accept-Encoding: gzip")
		if got := a.header.Get("ETag") + a.header.Get("Content-Length") + a.header.Get("Content-Encoding"); got != fmt.Sprint(`"a"`, len(markup)) {
			t.Errorf("ETag, Content-Length and Content-Encoding are %s; want those of the origin", got)
		}
	}
}

// TestSurrogateControlStandsInThePlaceOfCacheControl is Edge Architecture 1.0
// §2.2 and §2.3: for us, and not for who is behind us.
func TestSurrogateControlStandsInThePlaceOfCacheControl(t *testing.T) {
	const first, second = "0000000001", "0000000002"
	tests := []struct{ name, control, age, want string }{
		{"a shorter life, and in it", "max-age=60", "50", first},
		{"a shorter life, and after it", "max-age=60", "70", second},
		{"a longer life", "max-age=7200", "5000", first},
		{"no-store", "no-store", "0", second},
		{"no-store beside the language", `no-store, content="ESI/1.0"`, "0", second},
		{"the language alone says nothing of it", `content="ESI/1.0"`, "3000", first},
		{"the language alone says nothing of it, and after it", `content="ESI/1.0"`, "4000", second},
		{"stale for a while", "max-age=60+600", "70", first},
		{"stale for too long", "max-age=60+600", "700", second},
		{"for us less", "max-age=60, max-age=5;selvedge", "30", second},
		{"for us more", "max-age=5, max-age=60;selvedge", "30", first},
		{"for us on another line", "max-age=60|Surrogate-Control: max-age=5;selvedge", "30", second},
		{"for us no-store", "max-age=60, no-store;selvedge", "0", second},
		{"for others no-store", "max-age=60, no-store;other", "0", first},
		{"for others less", "max-age=60, max-age=5;other", "30", first},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := numbered(htmlType + "|Cache-Control: max-age=3600|Surrogate-Control: " + test.control + "|Age: " + test.age)
			s := newProxy(t, composer.Options{}, f.ServeHTTP)
			s.ask(t, "GET /")
			a := s.ask(t, "GET /")
			if a.body != test.want {
				t.Errorf("the second answer is %s, with Cache-Status %s; want %s", a.body, a.header.Get("Cache-Status"), test.want)
			}
			if got := a.header.Get("Cache-Control"); got != "max-age=3600" {
				t.Errorf("Cache-Control = %q; want the origin's", got)
			}
			if got := a.header.Values("Surrogate-Control"); got != nil {
				t.Errorf("Surrogate-Control = %q; want none", got)
			}
		})
	}
}

// TestATemplateThatIsNotStoredIsCompletedAllTheSame is Edge Architecture 1.0
// §2.2.1.
func TestATemplateThatIsNotStoredIsCompletedAllTheSame(t *testing.T) {
	o := before(t, composer.Options{}, map[string]http.HandlerFunc{
		"/":     answering(htmlType+`|Cache-Control: max-age=60|Surrogate-Control: no-store, content="ESI/1.0"`, `<esi:include src="/part"/>`),
		"/part": answering(htmlType+"|Cache-Control: max-age=60", "x"),
	})
	for range 2 {
		if a := o.proxy.ask(t, "GET /"); a.body != "x" || a.header.Get("Surrogate-Control") != "" {
			t.Errorf("the page is %q with Surrogate-Control %q; want x and none", a.body, a.header.Get("Surrogate-Control"))
		}
	}
	if templates, parts := len(o.requests("/")), len(o.requests("/part")); templates != 2 || parts != 1 {
		t.Errorf("the template was asked for %d times and its fragment %d times; want 2 and 1", templates, parts)
	}
}

// TestASurrogateBeforeUsGetsWhatIsForIt lets another surrogate ask, which has
// to be one that the operator named.
func TestASurrogateBeforeUsGetsWhatIsForIt(t *testing.T) {
	here := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	elsewhere := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	const both, control = `edge="Surrogate/1.0 ESI/1.0"`, `max-age=60, content="ESI/1.0"`
	tests := []struct {
		name         string
		from         []netip.Prefix
		says         string
		control      string
		body, passed string
	}{
		{"it reads ESI", here, both, control, markup, control},
		{"it reads ESI, and is not named", nil, both, control, completed, ""},
		{"it reads ESI, and another one is named", elsewhere, both, control, completed, ""},
		{"it says nothing", here, "", control, completed, ""},
		{"it reads ESI alone", here, `edge="ESI/1.0"`, control, markup, control},
		{"it reads a later ESI", here, `edge="Surrogate/1.0 ESI/1.1"`, control, markup, control},
		{"it reads something like ESI", here, `edge="Surrogate/1.0 ESI/1.0x"`, control, completed, "max-age=60"},
		{"it reads an older ESI", here, `edge="Surrogate/1.0 ESI/0.8"`, control, completed, "max-age=60"},
		{"it reads the older ESI of the template", here, `edge="Surrogate/1.0 ESI/0.8"`, `content="ESI/0.8"`, markup, `content="ESI/0.8"`},
		{"it is a cache", here, `edge="Surrogate/1.0"`, control, completed, "max-age=60"},
		{"it is a cache, and there is nothing for it", here, `edge="Surrogate/1.0"`, `content="ESI/1.0"`, completed, ""},
		{"no-store is for all", here, `edge="Surrogate/1.0"`, `no-store, content="ESI/1.0"`, completed, "no-store"},
		{"what is for it by name", here, `edge="Surrogate/1.0"`, `max-age=60;edge, content="ESI/1.0"`, completed, "max-age=60;edge"},
		{"it reads ESI, which is for us by name", here, both, `content="ESI/1.0";selvedge`, completed, ""},
		{"it reads ESI, which is for it by name", here, both, `content="ESI/1.0";edge`, markup, `content="ESI/1.0";edge`},
		{"what is for us by name", here, `edge="Surrogate/1.0"`, `max-age=60;selvedge, content="ESI/1.0"`, completed, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, stored := range []string{"Cache-Control: max-age=60", "Cache-Control: private"} {
				o := before(t, composer.Options{Surrogates: test.from}, map[string]http.HandlerFunc{
					"/": answering(htmlType+"|"+stored+"|Surrogate-Control: "+test.control, markup),
				})
				for _, request := range []string{"GET /", "GET /", "POST /", "GET /|Range: bytes=0-0"} {
					a := o.proxy.ask(t, request+"|Surrogate-Capability: "+test.says)
					if strings.Contains(request, "Range") && a.status == http.StatusPartialContent {
						continue
					}
					if got := strings.Join(a.header.Values("Surrogate-Control"), ", "); a.body != test.body || got != test.passed {
						t.Errorf("%s: %s is answered with %q and Surrogate-Control %q; want %q and %q", stored, request, a.body, got, test.body, test.passed)
					}
				}
			}
		})
	}
}

// TestAPageOfSeveralPartsIsNotKeptAsItsTemplateIs holds for surrogates before
// us: how long they may keep a page is in its Cache-Control, which all of its
// parts have made.
func TestAPageOfSeveralPartsIsNotKeptAsItsTemplateIs(t *testing.T) {
	for control, want := range map[string]string{
		`max-age=60, content="ESI/1.0"`:                    "",
		`max-age=60;edge, content="ESI/1.0"`:               "",
		`max-age=60, no-store;edge, content="ESI/1.0"`:     "no-store;edge",
		`No-Store, max-age=60, content="ESI/1.0";selvedge`: "No-Store",
	} {
		o := before(t, composer.Options{Surrogates: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}, map[string]http.HandlerFunc{
			"/":     answering(htmlType+"|Cache-Control: max-age=60|Surrogate-Control: "+control, `<esi:include src="/part"/>`),
			"/part": answering("Cache-Control: max-age=5", "x"),
		})
		a := o.proxy.ask(t, `GET /|Surrogate-Capability: edge="Surrogate/1.0"`)
		if got := a.header.Get("Surrogate-Control"); a.body != "x" || got != want || a.header.Get("Cache-Control") != "max-age=5" {
			t.Errorf("%s makes the page %q with Surrogate-Control %q and Cache-Control %q; want x, %q and max-age=5", control, a.body, got, a.header.Get("Cache-Control"), want)
		}
	}
}

// TestADocumentTellsASurrogateAllThatIsForIt holds for what passes, too.
func TestADocumentTellsASurrogateAllThatIsForIt(t *testing.T) {
	for _, control := range []string{"max-age=60", "private", "no-store"} {
		o := before(t, composer.Options{Surrogates: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}, map[string]http.HandlerFunc{
			"/": answering(htmlType+`|ETag: "a"|Cache-Control: `+control+`|Surrogate-Control: max-age=5, max-age=9;selvedge, content="x";edge`, "x"),
		})
		for _, request := range []string{"GET /", "GET /", "HEAD /", "POST /", `GET /|If-None-Match: "a"`} {
			for says, want := range map[string]string{`|Surrogate-Capability: edge="Surrogate/1.0"`: `max-age=5, content="x";edge`, "": ""} {
				if got := o.proxy.ask(t, request+says).header.Get("Surrogate-Control"); got != want {
					t.Errorf("%s: %s is answered with Surrogate-Control %q; want %q", control, request+says, got, want)
				}
			}
		}
	}
}

// TestTwoInARow has one of us in front of another, which leaves completing to
// the first if it knows that, and completes what somebody else asks for.
func TestTwoInARow(t *testing.T) {
	both := `selvedge="Surrogate/1.0 ESI/1.0", selvedge2="Surrogate/1.0 ESI/1.0"`
	for name, from := range map[string][]netip.Prefix{
		"it hands templates on": {netip.MustParsePrefix("127.0.0.0/8")},
		"it completes all":      nil,
	} {
		t.Run(name, func(t *testing.T) {
			back := before(t, composer.Options{Surrogates: from}, map[string]http.HandlerFunc{
				"/":     answering(optIn+"|Cache-Control: max-age=60", `a<esi:include src="/part"/><esi:remove>b</esi:remove>`),
				"/part": answering("Cache-Control: max-age=60", "x"),
			})
			front := proxyBefore(t, composer.Options{}, sourceAt(t, back.proxy.server.URL).URL)
			for _, s := range []*site{front, back.proxy, front} {
				if a := s.ask(t, "GET /"); a.body != "ax" || a.header.Get("Surrogate-Control") != "" {
					t.Errorf("the page is %q with Surrogate-Control %q; want ax and none", a.body, a.header.Get("Surrogate-Control"))
				}
			}
			if got := back.requests("/")[0].Header.Get("Surrogate-Capability"); got != both {
				t.Errorf("the origin hears of %q; want %q", got, both)
			}
			handed := back.proxy.ask(t, `GET /|Surrogate-Capability: selvedge="Surrogate/1.0 ESI/1.0"`).body != "ax"
			if handed != (from != nil) {
				t.Errorf("the template is handed on: %v; want %v", handed, from != nil)
			}
		})
	}
}
