package composer_test

import (
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"selvedge/composer"
)

// liveElement is the live element of the tests. It is LIVE in the pages of withLive.
const liveElement = `<script src="/-/s.js"></script><i ws-connect="/-/live?page=$(SELVEDGE_PAGE)">live</i>`

// autoLive are options that make all pages live.
func autoLive() composer.Options {
	return composer.Options{LiveElement: liveElement, AutoLive: true, MaxWait: patient.MaxWait, PageTimeout: patient.PageTimeout}
}

// withLive returns a page with LIVE in place of each live element.
func withLive(page string) string {
	before, after, _ := strings.Cut(liveElement, "$(SELVEDGE_PAGE)")
	for {
		first, rest, ok := strings.Cut(page, before)
		if !ok {
			return page
		}
		_, rest, _ = strings.Cut(rest, `"`)
		page = first + "LIVE" + strings.TrimPrefix(rest, after[1:])
	}
}

func TestSelvedgeLiveIsTheLiveElement(t *testing.T) {
	const page = `<esi:include src="/fragments/part/x"/><esi:vars>$(SELVEDGE_LIVE|none)</esi:vars></body>`
	tests := []struct{ name, element, want string }{
		{"a script and a connection", liveElement, "partLIVE</body>"},
		{"nothing", "", "partnone</body>"},
		{"no token", "<hr>$(HTTP_HOST)", "part<hr>$(HTTP_HOST)</body>"},
	}
	onEachFront(t, func(t *testing.T, open func(composer.Options, fragments) *site) {
		for _, test := range tests {
			s := open(composer.Options{LiveElement: test.element}, fragments{"page": template(page), "part": piece("part")})
			for range 2 {
				got := s.get(t, "/")
				if withLive(got.body) != test.want || got.header.Get("Selvedge-Warning") != "" {
					t.Errorf("with %s the page is %q, with the warning %q; want %q, and none", test.name, got.body, got.header.Get("Selvedge-Warning"), test.want)
				}
			}
		}
	})
}

func TestALiveElementThatNoPageCanHave(t *testing.T) {
	for _, o := range []composer.Options{
		{LiveElement: "$(SELVEDGE_PAGE)$(SELVEDGE_PAGE)"}, {LiveElement: "é"}, {AutoLive: true},
	} {
		if c, err := composer.New(composer.NewRegistry(), o); err == nil {
			c.Close()
			t.Errorf("New(%q, %t) returned no error", o.LiveElement, o.AutoLive)
		}
	}
}

// autoLivePages are templates, with their pages.
var autoLivePages = []struct{ name, page, want string }{
	{"before the end tag", `<body>a<esi:include src="/fragments/part/x"/></body></html>`, `<body>apartLIVE</body></html>`},
	{"before the last end tag", `a</body>b</body>c`, `a</body>bLIVE</body>c`},
	{"in any case of letters", `a</BODY >b`, `aLIVE</BODY >b`},
	{"at the end without an end tag", `a<esi:include src="/fragments/part/x"/>`, `apartLIVE`},
	{"in an empty page", ``, `LIVE`},
	{"after an include behind the end tag", `a</body><esi:include src="/fragments/part/x"/>b`, `a</body>partbLIVE`},
	{"not in a comment", `a</body><!-- </body> -->`, `aLIVE</body><!-- </body> -->`},
	{"not in a script", `a</body><script>"</body>"</script>`, `aLIVE</body><script>"</body>"</script>`},
	{"not in a script around an include", `<script>"<esi:include src="/fragments/part/x"/></body>"</script>`, `<script>"part</body>"</script>LIVE`},
	{"not in a text area", `<textarea></body></textarea>`, `<textarea></body></textarea>LIVE`},
	{"not in an attribute", `<p title="</body>">`, `<p title="</body>">LIVE`},
	{"not in an attribute around a variable", `<p title="<esi:vars>$(QUERY_STRING|q)</esi:vars></body>">`, `<p title="q</body>">LIVE`},
	{"not in a branch", `<body>` + when("1", "a</body>", ""), `<body>a</body>LIVE`},
	{"in text of ESI", `<esi:text>a</body></esi:text>`, `aLIVE</body>`},
	{"in an ESI comment", `<!--esi a</body>-->`, ` aLIVE</body>`},
	{"across removed text", `a</bo<esi:remove>x</esi:remove>dy>`, `aLIVE</body>`},
	{"not across an include", `a</bo<esi:include src="/fragments/part/x"/>dy>`, `a</bopartdy>LIVE`},
	{"not in an included template", `a<esi:include src="/fragments/nested/x"/></body>`, `a<body>part</body>LIVE</body>`},
	{"not beside an element", `a</body><esi:vars>$(SELVEDGE_LIVE)</esi:vars>`, `a</body>LIVE`},
	{"not beside a token", `a <esi:vars>$(SELVEDGE_PAGE|x)</esi:vars>.</body>`, `a TOKEN.</body>`},
	{"not beside a token in a branch", when("0", "$(SELVEDGE_PAGE)", "") + `a</body>`, `a</body>`},
	{"not beside an element in the content of an include", `<esi:include src="/fragments/part/x"><esi:vars>$(SELVEDGE_LIVE)</esi:vars></esi:include></body>`, `part</body>`},
	{"not beside an element of an included template", `a<esi:include src="/fragments/own/x"/></body>`, `aLIVE</body>`},
	{"not beside a token of an included template", `a <esi:include src="/fragments/token/x"/></body>`, `a TOKEN.</body>`},
}

// tokenPattern matches a page token.
var tokenPattern = regexp.MustCompile(`[\w-]{30,}`)

// withoutToken returns a page with TOKEN in place of each page token.
func withoutToken(page string) string { return tokenPattern.ReplaceAllString(page, "TOKEN") }

func liveFragments(page http.HandlerFunc) fragments {
	return fragments{
		"page": page, "part": piece("part"), "nested": template(`<body><esi:include src="/fragments/part/x"/></body>`),
		"own": template(`<esi:vars>$(SELVEDGE_LIVE)</esi:vars>`), "token": template(`<esi:vars>$(SELVEDGE_PAGE)</esi:vars>.`),
	}
}

func TestEveryPageIsLive(t *testing.T) {
	onEachFront(t, func(t *testing.T, open func(composer.Options, fragments) *site) {
		for _, test := range autoLivePages {
			t.Run(test.name, func(t *testing.T) {
				s := open(autoLive(), liveFragments(with("Cache-Control: max-age=60", template(test.page))))
				for range 2 { // from the source, and from the store
					got := s.get(t, "/")
					if page := withoutToken(withLive(got.body)); page != test.want {
						t.Errorf("%q is the page %q; want %q", test.page, page, test.want)
					}
					if length := got.header.Get("Content-Length"); length != "" && length != strconv.Itoa(len(got.body)) {
						t.Errorf("the length is %s; want %d", length, len(got.body))
					}
				}
			})
		}
	})
}

func TestAPageOfATemplateThatArrivesInPiecesIsLive(t *testing.T) {
	onEachFront(t, func(t *testing.T, open func(composer.Options, fragments) *site) {
		for _, test := range autoLivePages {
			for _, n := range []int{1, 5} {
				t.Run(test.name, func(t *testing.T) {
					t.Parallel()
					s := open(autoLive(), liveFragments(with(`Content-Type: text/html|Surrogate-Control: content="ESI/1.0"`, func(w http.ResponseWriter, _ *http.Request) {
						flushed(w, "")
						for piece := range slices.Chunk([]byte(test.page), n) {
							flushed(w, string(piece))
						}
					})))
					if page := withoutToken(withLive(s.get(t, "/").body)); page != test.want {
						t.Errorf("%q in pieces of %d is the page %q; want %q", test.page, n, page, test.want)
					}
				})
			}
		}
	})
}

// TestAPageLeavesUpToTheEndOfItsBody has a source that waits for the page.
func TestAPageLeavesUpToTheEndOfItsBody(t *testing.T) {
	onEachFront(t, func(t *testing.T, open func(composer.Options, fragments) *site) {
		proceed := make(chan struct{})
		s := open(autoLive(), liveFragments(with(`Content-Type: text/html|Surrogate-Control: content="ESI/1.0"`, func(w http.ResponseWriter, _ *http.Request) {
			flushed(w, `<esi:include src="/fragments/part/x"/><p>a</p></body>b`)
			<-proceed
			flushed(w, `c</body><esi:include src="/fragments/part/x"/>d`)
			<-proceed
			_, _ = io.WriteString(w, `e</body></html>`)
		})))
		r := s.read(t, "/")
		r.next("part<p>a</p>")
		proceed <- struct{}{}
		r.next("</body>bc</body>partd")
		proceed <- struct{}{}
		rest, err := io.ReadAll(r.body)
		if got, want := withLive(string(rest)), `eLIVE</body></html>`; err != nil || got != want {
			t.Errorf("the end of the page is %q, %v; want %q", got, err, want)
		}
	})
}

func TestTheHeaderOfALivePageIsOneOfAPrivatePage(t *testing.T) {
	page := template(`<p>` + strings.Repeat("text ", 300) + `</p></body>`)
	onEachFront(t, func(t *testing.T, open func(composer.Options, fragments) *site) {
		s := open(autoLive(), liveFragments(with(`Cache-Control: public, max-age=60|CDN-Cache-Control: max-age=60|Cloudflare-CDN-Cache-Control: max-age=60|X-Accel-Expires: 60|ETag: "a"`, page)))
		for range 2 {
			got := s.ask(t, "GET /|Accept-Encoding: gzip")
			if control := got.header.Get("Cache-Control"); !strings.Contains(control, "private") || strings.Contains(control, "public") {
				t.Errorf("Cache-Control is %q; want private", control)
			}
			for _, name := range []string{"Cdn-Cache-Control", "Cloudflare-Cdn-Cache-Control", "X-Accel-Expires"} {
				if value := got.header.Get(name); value != "" {
					t.Errorf("%s is %q; want none, because it would have a shared cache store the token", name, value)
				}
			}
			if body := withLive(unpacked(t, got.body)); !strings.HasSuffix(body, "LIVE</body>") || got.header.Get("Content-Length") != strconv.Itoa(len(got.body)) {
				t.Errorf("the page is %q with the length %s; want %d, and a live element", body, got.header.Get("Content-Length"), len(got.body))
			}
			etag := got.header.Get("Etag")
			if again := s.ask(t, "GET /|If-None-Match: "+etag+"|Accept-Encoding: gzip"); again.status != http.StatusNotModified || again.body != "" {
				t.Errorf("the page with its ETag %s is %d %q; want 304", etag, again.status, again.body)
			}
			if head := s.ask(t, "HEAD /|Accept-Encoding: identity"); head.body != "" || head.header.Get("Etag") == "" || head.header.Get("Cache-Control") != got.header.Get("Cache-Control") {
				t.Errorf("HEAD is %q with %v; want the header of GET alone", head.body, head.header)
			}
		}
		other := autoLive()
		other.LiveElement += "<hr>"
		if a, b := s.get(t, "/").header.Get("Etag"), open(other, liveFragments(with(`ETag: "a"`, page))).get(t, "/").header.Get("Etag"); a == b {
			t.Errorf("pages with two live elements have one ETag %s", a)
		}
	})
}

func TestPagesThatStayAsTheyAre(t *testing.T) {
	const page = `<esi:vars>a</esi:vars></body>`
	tests := []struct{ name, header, want string }{
		{"XML", `Content-Type: application/xml|Surrogate-Control: content="ESI/1.0"`, `a</body>`},
		{"XHTML", `Content-Type: application/xhtml+xml|Surrogate-Control: content="ESI/1.0"`, `a</body>`},
		{"text", `Content-Type: text/plain|Surrogate-Control: content="ESI/1.0"`, `a</body>`},
		{"UTF-16", `Content-Type: text/html; charset=utf-16|Surrogate-Control: content="ESI/1.0"`, `a</body>`},
		{"no ESI", `Content-Type: text/html`, page},
		{"JSON", `Content-Type: application/json|Surrogate-Control: content="ESI/1.0"`, page},
	}
	onEachFront(t, func(t *testing.T, open func(composer.Options, fragments) *site) {
		for _, test := range tests {
			o := autoLive()
			o.ESITypes = []string{"text/plain"}
			s := open(o, liveFragments(with(test.header+"|Cache-Control: max-age=60", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, page) })))
			for range 2 {
				if got := s.get(t, "/"); got.body != test.want || got.header.Get("Cache-Control") != "max-age=60" {
					t.Errorf("%s is %q with Cache-Control: %s; want %q with max-age=60", test.name, got.body, got.header.Get("Cache-Control"), test.want)
				}
			}
		}
	})
}

// TestOnlyPagesAreLive asks for a template of a page as a fragment and as a view.
func TestOnlyPagesAreLive(t *testing.T) {
	s := newSite(t, autoLive(), liveFragments(template(`<p id="p">a</p></body>`)), nil)
	if got := withLive(s.get(t, "/").body); got != `<p id="p">a</p>LIVE</body>` {
		t.Errorf("the page is %q; want a live one", got)
	}
	if got := s.get(t, "/fragments/page/").body; got != `<p id="p">a</p></body>` {
		t.Errorf("the fragment is %q; want it without a live element", got)
	}
	if got, err := s.Render(t.Context(), composer.View{Reference: "/fragments/page/"}, time.Time{}); err != nil || string(got.Body) != `<p id="p">a</p></body>` {
		t.Errorf("the view is %q, %v; want it without a live element", got.Body, err)
	}
	w := newRecording()
	if err := s.Frame(w, request(t, http.MethodGet, "/x"), "/fragments/page/x", composer.Answer{Status: http.StatusNotFound}); err != nil || withLive(w.body.String()) != `<p id="p">a</p>LIVE</body>` {
		t.Errorf("the frame is %q, %v; want a live page", w.body.String(), err)
	}
}

func TestAPolicyAgainstTheLiveElementIsWarnedAbout(t *testing.T) {
	const script, connection = "/-/s.js: add 'self' or its address to ", "/-/live: add 'self' or its address to "
	tests := []struct{ policy, want string }{
		{"default-src 'self'", ""},
		{"img-src 'none'", ""},
		{"script-src 'nonce-abc'", "the script " + script + "script-src"},
		{"connect-src https://other.example", "the connection to " + connection + "connect-src"},
		{"default-src 'none'", "the script " + script + "default-src, and the connection to " + connection + "default-src"},
		{"script-src 'strict-dynamic' 'nonce-abc'", "the script /-/s.js: with 'strict-dynamic' in script-src, a script of the page has to load it"},
	}
	for _, test := range tests {
		for _, page := range []string{`<p>a</p></body>`, `<p>a</p><esi:vars>$(SELVEDGE_LIVE)</esi:vars></body>`, `<p>a</p></body><esi:include src="/fragments/part/x"/>`} {
			t.Run(test.policy, func(t *testing.T) {
				log := make(recordChannel, 8)
				o := autoLive()
				o.Logger = slog.New(slog.NewTextHandler(log, nil))
				s := newProxy(t, o, liveFragments(with("Cache-Control: max-age=60|Content-Security-Policy: "+test.policy, template(page))).origin)
				var want []string
				if test.want != "" {
					want = []string{"Content-Security-Policy forbids " + test.want}
				}
				for range 2 {
					got := s.get(t, "/?secret")
					if !slices.Equal(got.header["Selvedge-Warning"], want) || !strings.Contains(withLive(got.body), "LIVE") {
						t.Errorf("%q has the warnings %q; want %q, and a live element", got.body, got.header["Selvedge-Warning"], want)
					}
				}
				if len(log) != len(want) {
					t.Errorf("%d lines are logged; want %d", len(log), len(want))
				}
				if len(want) > 0 {
					if logged := <-log; !strings.Contains(logged, want[0]) || strings.Contains(logged, "secret") {
						t.Errorf("the log is %q; want %q", logged, want[0])
					}
				}
			})
		}
	}
}

// TestOnlyFragmentsOfTheRegistryAreViews has a page of an origin with includes of the origin,
// whose addresses name nothing that a hub could fetch.
func TestOnlyFragmentsOfTheRegistryAreViews(t *testing.T) {
	o := autoLive()
	o.Origin = remote(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/own":
			view(`<p id="own">own</p>`, "public", "x")(w, r)
		case "/down":
			w.WriteHeader(http.StatusInternalServerError)
		default:
			template(`<esi:include src="/own"/><esi:include src="/down"><p id="down">down</p></esi:include>`+
				`<esi:include src="/fragments/news/a"/><esi:include src="/fragments/dead/a"><p id="late">late</p></esi:include>`)(w, r)
		}
	})
	c := newComposer(t, o, fragments{"news": view(`<p id="news">news</p>`, "public", "x"), "dead": status(http.StatusInternalServerError, "")}, nil)
	w := newRecording()
	c.Proxy().ServeHTTP(w, request(t, http.MethodGet, "/page"))
	_, rest, _ := strings.Cut(w.body.String(), "?page=")
	text, _, _ := strings.Cut(rest, `"`)
	token, err := c.ReadToken(request(t, http.MethodGet, "/-/live"), text)
	var got []string
	for _, v := range token.Views {
		got = append(got, v.Reference)
	}
	if want := []string{"/fragments/news/a", "/fragments/dead/a"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("the page %q has the views %q, %v; want %q", w.body.String(), got, err, want)
	}
}

// TestThePolicyOfASiteCounts has the policy in the response before the page.
func TestThePolicyOfASiteCounts(t *testing.T) {
	c := newComposer(t, autoLive(), liveFragments(template(`<p>a</p></body>`)), nil)
	for policy, want := range map[string]bool{"default-src 'self'": false, "script-src 'none'": true} {
		w := newRecording()
		w.header.Set("Content-Security-Policy", policy)
		c.Page("page").ServeHTTP(w, request(t, http.MethodGet, "/"))
		if got := w.header.Get("Selvedge-Warning") != ""; got != want {
			t.Errorf("with the site's policy %q the page has the warnings %q", policy, w.header["Selvedge-Warning"])
		}
	}
}
