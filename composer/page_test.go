package composer_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer"
)

func TestAllIncludesStartTogether(t *testing.T) {
	const n = 20
	page := includes(n, "/fragments/part/x")
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			var all sync.WaitGroup
			all.Add(n)
			part := func(w http.ResponseWriter, _ *http.Request) {
				all.Done()
				all.Wait() // ends only if every include has come this far
				_, _ = io.WriteString(w, "x")
			}
			s := newSite(t, composer.Options{MaxWait: 10 * time.Second}, fragments{"page": template(page)},
				map[string]composer.Source{"part": kind.source(t, part)})
			if got, want := s.get(t, "/").body, strings.Repeat("x", n); got != want {
				t.Errorf("page = %q; want %q", got, want)
			}
		})
	}
}

func TestOrderIsTheDocumentsEvenIfTheLastAnswersFirst(t *testing.T) {
	answered := map[string]chan struct{}{"/a": make(chan struct{}), "/b": make(chan struct{}), "/c": make(chan struct{})}
	after := map[string]string{"/a": "/b", "/b": "/c"}
	part := func(w http.ResponseWriter, r *http.Request) {
		if other, ok := after[r.URL.Path]; ok {
			<-answered[other]
		}
		_, _ = io.WriteString(w, r.URL.Path)
		close(answered[r.URL.Path])
	}
	page := `1<esi:include src="/fragments/part/a"/>2<esi:include src="/fragments/part/b"/>3<esi:include src="/fragments/part/c"/>4`
	s := newSite(t, composer.Options{MaxWait: 10 * time.Second}, fragments{"page": template(page), "part": part}, nil)
	if got, want := s.get(t, "/").body, "1/a2/b3/c4"; got != want {
		t.Errorf("page = %q; want %q", got, want)
	}
}

// What stands before a pending include is read from the connection before the
// include is allowed to answer. A composer that waits instead would run into
// the include's maxwait and show its fallback.
func TestBytesArriveBeforeAPendingInclude(t *testing.T) {
	const slow = `<esi:include src="/fragments/slow/x">late</esi:include>`
	tests := []struct {
		name          string
		page, nested  string
		before, after string
	}{
		{"the head before the body", "<head></head>" + slow + "end", "", "<head></head>", "slow end"},
		{"a ready include before a pending one", `<esi:include src="/fragments/nested/x"/>` + slow, "ready", "ready", "slow "},
		{"the begin of a nested template", `a<esi:include src="/fragments/nested/x"/>d`, "b" + slow + "c", "ab", "slow cd"},
		{"a fallback before the include in it", `a<esi:include src="/fragments/none/x">b` + slow + `</esi:include>`, "", "ab", "slow "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			release := make(chan struct{})
			s := newSite(t, composer.Options{MaxWait: 10 * time.Second}, fragments{
				"page": template(test.page), "nested": template(test.nested),
				"slow": func(w http.ResponseWriter, _ *http.Request) {
					<-release
					_, _ = io.WriteString(w, "slow ")
				},
			}, nil)
			res, err := s.server.Client().Do(s.request(t, http.MethodGet, "/", nil))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = res.Body.Close() }()
			before := make([]byte, len(test.before))
			if _, err := io.ReadFull(res.Body, before); err != nil || string(before) != test.before {
				t.Errorf("before the include: %q, %v; want %q", before, err, test.before)
			}
			close(release)
			after, err := io.ReadAll(res.Body)
			if err != nil || string(after) != test.after {
				t.Errorf("after it: %q, %v; want %q", after, err, test.after)
			}
		})
	}
}

func TestAFragmentIsReadAsESIOnlyIfItOptsIn(t *testing.T) {
	const esi = `<esi:include src="/fragments/leaf/x"/>`
	control := func(field string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			if field != "" {
				w.Header().Set("Surrogate-Control", field)
			}
			_, _ = io.WriteString(w, esi)
		}
	}
	tests := []struct {
		name, field, want string
	}{
		{"no header", "", esi},
		{"opted in", `content="ESI/1.0"`, "leaf"},
		{"among other directives", `max-age=60, content="ESI/1.0", no-store`, "leaf"},
		{"beside another language", `content="XSLT/1.0 ESI/1.0"`, "leaf"},
		{"only another language", `content="XSLT/1.0"`, esi},
		{"a later version", `content="ESI/1.1"`, esi},
		{"no number", `content="ESI/1foo"`, esi},
		{"nothing", `content=""`, esi},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newSite(t, composer.Options{}, fragments{
				"page": template(`<esi:include src="/fragments/part/x"/>`), "part": control(test.field), "leaf": piece("leaf"),
			}, nil)
			if got := s.get(t, "/").body; got != test.want {
				t.Errorf("page with %q = %q; want %q", test.field, got, test.want)
			}
		})
	}
}

func TestWhatAVariableBringsInIsNoInstruction(t *testing.T) {
	echo := func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.URL.RawQuery) }
	s := newSite(t, composer.Options{}, fragments{
		"page": template(`<esi:include src="/fragments/echo/x?$(QUERY_STRING)"/>`), "echo": echo, "leaf": piece("leaf"),
	}, nil)
	for _, query := range []string{"a=1&b=%20c", "$(QUERY_STRING)", "<esi:include/>", "%3Cesi:include%20src='/fragments/leaf/x'/%3E"} {
		if got := s.get(t, "/?"+query).body; got != query {
			t.Errorf("page of ?%s = %q; want the query", query, got)
		}
	}
}

func TestHeaderOfAPage(t *testing.T) {
	page := func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("ETag", `"template"`)
		h.Set("Last-Modified", "Mon, 02 Jan 2006 15:04:05 GMT")
		h.Set("Cache-Control", "public, max-age=60")
		h.Set("Vary", "Accept-Language")
		h.Set("Content-Language", "en")
		h.Set("Set-Cookie", "session=stolen")
		h.Set("Connection", "close, X-Hop")
		h.Set("X-Hop", "1")
		template(`a<esi:include src="/fragments/part/x"/>c`)(w, r)
	}
	part := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Set-Cookie", "session=stolen")
		w.Header().Set("X-Part", "1")
		_, _ = io.WriteString(w, "b")
	}
	s := newSite(t, composer.Options{}, fragments{"page": page, "part": part}, nil)
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		got := s.do(t, s.request(t, method, "/", nil))
		if etag := got.header.Get("ETag"); etag == "" || etag == `"template"` {
			t.Errorf("ETag of %s = %q; want one of the page's own", method, etag)
		}
		for _, name := range []string{"Date", "Server-Timing", "Content-Length", "Trailer", "Etag"} {
			got.header.Del(name)
		}
		want := http.Header{
			"Content-Type":     {"text/html; charset=utf-8"},
			"Content-Language": {"en"},
			"Cache-Control":    {"private, no-cache"},
			"Cache-Status":     {"selvedge; fwd=uri-miss; fwd-status=200"},
			"Vary":             {"Accept-Language"},
		}
		if diff := cmp.Diff(want, got.header); diff != "" {
			t.Errorf("header of %s (-want +got):\n%s", method, diff)
		}
	}
}

func TestHeadersThatTheSiteSetStay(t *testing.T) {
	c := newComposer(t, composer.Options{}, fragments{"page": template(`<esi:include src="/-/answer"/>`)}, nil)
	w := httptest.NewRecorder()
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Vary", "Accept")
	err := c.Frame(w, request(t, "GET", "/"), "/fragments/page/x", composer.Answer{Status: 404, Body: []byte("gone")})
	if err != nil || w.Code != 404 || w.Body.String() != "gone" {
		t.Fatalf("Frame: %v, %d %q; want 404 and the answer", err, w.Code, w.Body)
	}
	if got := w.Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control = %q; want what was set before", got)
	}
}

func TestFrame(t *testing.T) {
	c := newComposer(t, composer.Options{}, fragments{
		"page":   template(`<title><esi:include src="/-/title"/></title><esi:include src="/-/answer"/><esi:include src="/-/other">none</esi:include>`),
		"broken": status(500, "secret"),
		"lost":   status(404, "secret"),
	}, nil)
	answer := composer.Answer{Status: 422, Title: "A <b>", Body: []byte("<p><esi:include src='/x'/></p>")}
	w := httptest.NewRecorder()
	if err := c.Frame(w, request(t, "POST", "/api/x"), "/fragments/page/x", answer); err != nil {
		t.Fatal(err)
	}
	if got, want := w.Body.String(), "<title>A &lt;b&gt;</title><p><esi:include src='/x'/></p>none"; w.Code != 422 || got != want {
		t.Errorf("Frame = %d %q; want 422 %q", w.Code, got, want)
	}
	if age := w.Header().Get("Age"); age != "" {
		t.Errorf("Age = %s; want none of what was made for this page", age)
	}
	for _, reference := range []string{"/fragments/broken/x", "/fragments/lost/x", "/fragments/none/x", "no reference"} {
		w := httptest.NewRecorder()
		err := c.Frame(w, request(t, "GET", "/"), reference, answer)
		if err == nil || w.Body.Len() > 0 || len(w.Header()) > 0 {
			t.Errorf("Frame in %q: %v, header %v, body %q; want an error and nothing written", reference, err, w.Header(), w.Body)
		}
	}
}

// TestAnAnswerInAFrameIsAsOldAsItsTemplate frames an answer that is made here,
// and so has no age, in a template that has one.
func TestAnAnswerInAFrameIsAsOldAsItsTemplate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newComposer(t, composer.Options{}, fragments{
			"page": with("Cache-Control: max-age=60", template(`<title><esi:include src="/-/title"/></title><esi:include src="/-/answer"/>`)),
		}, nil)
		for _, want := range []string{"", "30"} {
			w := httptest.NewRecorder()
			err := c.Frame(w, request(t, "GET", "/"), "/fragments/page/x", composer.Answer{Status: 404, Title: "Gone", Body: []byte("gone")})
			if got := w.Header().Get("Age"); err != nil || got != want {
				t.Errorf("the page has the Age %q, %v; want %q", got, err, want)
			}
			time.Sleep(30 * time.Second)
		}
	})
}

// In a page that frames nothing, the reserved references are those of a
// fragment that does not exist.
func TestReservedReferencesStandForNothingInAPage(t *testing.T) {
	s := newSite(t, composer.Options{}, fragments{"page": template(`<esi:include src="/-/answer">none</esi:include>`)}, nil)
	if got := s.get(t, "/").body; got != "none" {
		t.Errorf("page = %q; want %q", got, "none")
	}
}

func TestStatusIsTheTemplates(t *testing.T) {
	tests := []struct {
		name string
		page http.HandlerFunc
		want int
		body string
	}{
		{"success", status(203, "page"), 203, "page"},
		{"redirect", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/other", http.StatusFound) }, 302, "<a href=\"/other\">Found</a>.\n\n"},
		{"not found", status(404, "secret"), 404, "Not Found\n"},
		{"broken", status(500, "secret"), 502, "Bad Gateway\n"},
		{"panics", func(http.ResponseWriter, *http.Request) { panic("secret") }, 502, "Bad Gateway\n"},
		{"no final status", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(999) }, 502, "Bad Gateway\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newSite(t, composer.Options{}, fragments{"page": test.page}, nil)
			got := s.get(t, "/")
			if got.status != test.want || got.body != test.body {
				t.Errorf("page = %d %q; want %d %q", got.status, got.body, test.want, test.body)
			}
			if test.want == 302 && got.header.Get("Location") != "/other" {
				t.Errorf("Location = %q; want /other", got.header.Get("Location"))
			}
		})
	}
}

func TestPathOfAPageIsThatOfItsTemplate(t *testing.T) {
	tests := []struct {
		target     string
		wantStatus int
		wantBody   string
	}{
		{"/a?b=c", 200, "/a"},
		{"/a%2Fb", 200, "/a%2Fb"},
		{"//host/a", 200, "//host/a"},
		{"/a/../b", 400, "Bad Request\n"},
		{"/a/%2e%2e/b", 400, "Bad Request\n"},
		{"/..%2fb", 400, "Bad Request\n"},
	}
	echo := func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.URL.RequestURI()) }
	for _, kind := range kinds {
		c := newComposer(t, composer.Options{}, nil, map[string]composer.Source{"page": kind.source(t, echo)})
		for _, test := range tests {
			t.Run(kind.name+" "+test.target, func(t *testing.T) {
				r := request(t, "GET", "http://shop"+test.target)
				w := httptest.NewRecorder()
				c.Page("page").ServeHTTP(w, r)
				if w.Code != test.wantStatus || w.Body.String() != test.wantBody {
					t.Errorf("page %s = %d %q; want %d %q", test.target, w.Code, w.Body, test.wantStatus, test.wantBody)
				}
			})
		}
	}
}

// A middleware that cut the slash off must not make another name of the rest.
func TestAPathWithoutSlashNamesNothing(t *testing.T) {
	c := newComposer(t, composer.Options{}, fragments{"page": piece("page"), "page2": piece("other")}, nil)
	for _, h := range []http.Handler{c.Page("page"), c.Forward("page")} {
		w := httptest.NewRecorder()
		http.StripPrefix("/", h).ServeHTTP(w, request(t, "GET", "/2/x"))
		if w.Code != 400 {
			t.Errorf("path 2/x = %d %q; want 400", w.Code, w.Body)
		}
	}
}

// A writer that cannot flush makes a page late, and not wrong.
func TestAPageNeedsNoFlusher(t *testing.T) {
	release := make(chan struct{})
	c := newComposer(t, composer.Options{}, fragments{
		"page": template(`a<esi:include src="/fragments/slow/x"/>`),
		"slow": func(w http.ResponseWriter, _ *http.Request) { <-release; _, _ = io.WriteString(w, "b") },
	}, nil)
	w := plainWriter{httptest.NewRecorder(), release, new(sync.Once)}
	c.Page("page").ServeHTTP(w, request(t, "GET", "/"))
	if got := w.ResponseWriter.(*httptest.ResponseRecorder).Body.String(); got != "ab" {
		t.Errorf("page = %q; want %q", got, "ab")
	}
}

// plainWriter can only write, and releases an include with the first byte.
type plainWriter struct {
	http.ResponseWriter
	release chan struct{}
	once    *sync.Once
}

func (w plainWriter) Write(p []byte) (int, error) {
	w.once.Do(func() { close(w.release) })
	return w.ResponseWriter.Write(p)
}

func TestALargePageIsWhole(t *testing.T) {
	large := strings.Repeat("0123456789", 30_000)
	s := newSite(t, composer.Options{}, fragments{
		"page": template(`<esi:include src="/fragments/part/x"/>|<esi:include src="/fragments/part/x"/>`), "part": piece(large),
	}, nil)
	if got, want := s.get(t, "/").body, large+"|"+large; got != want {
		t.Errorf("page has %d bytes; want %d, the same", len(got), len(want))
	}
}

func ExampleComposer_Page() {
	registry := composer.NewRegistry()
	shell := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Surrogate-Control", `content="ESI/1.0"`)
		_, _ = io.WriteString(w, `<h1>Shop</h1><esi:include src="/fragments/cart/mini">no cart</esi:include>`)
	})
	cart := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "<p>2 things</p>")
	})
	_ = registry.Add("shell", "1.0.0", composer.Source{Handler: shell})
	_ = registry.Add("cart", "1.4.2", composer.Source{Handler: cart})

	c, err := composer.New(registry, composer.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	w := httptest.NewRecorder()
	c.Page("shell").ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), "GET", "/", nil))
	fmt.Println(w.Body)
	// Output: <h1>Shop</h1><p>2 things</p>
}

func TestServerTimingNamesEveryInclude(t *testing.T) {
	const duration = `;dur=[0-9.]+`
	tests := []struct {
		name, page, te  string
		header, trailer string // regular expressions
	}{
		{name: "a page that waits before its first byte says it in its header",
			page:   `<esi:include src="/fragments/nested/x?q"/><esi:include src="/fragments/bad/x" onerror="continue"/>`,
			header: `^nested-x` + duration + `, bad-x` + duration + `;desc="status 500", part-y` + duration + `$`},
		{name: "one that streams says the rest in a trailer (RFC 9110 §10.1.4)",
			page: `head<esi:include src="/fragments/slow/x"/>`, te: "gzip, Trailers",
			header:  `^slow-x;desc="pending"$`,
			trailer: `^slow-x` + duration + `$`},
		{name: "but only to who takes trailers",
			page: `head<esi:include src="/fragments/slow/x"/>`, te: "gzip",
			header:  `^slow-x;desc="pending"$`,
			trailer: `^$`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			release, asked := make(chan struct{}), make(chan struct{})
			s := newSite(t, patient, fragments{
				"page": template(test.page), "part": piece(""),
				"nested": func(w http.ResponseWriter, r *http.Request) {
					<-asked // so that its own include is the last one
					template(`<esi:include src="/fragments/part/y"/>`)(w, r)
				},
				"bad": func(w http.ResponseWriter, _ *http.Request) {
					close(asked)
					w.WriteHeader(http.StatusInternalServerError)
				},
				"slow": func(http.ResponseWriter, *http.Request) { <-release },
			}, nil)
			r := s.request(t, http.MethodGet, "/", nil)
			r.Header.Set("TE", test.te)
			res, err := s.server.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = res.Body.Close() }()
			close(release)
			if _, err := io.Copy(io.Discard, res.Body); err != nil {
				t.Fatal(err)
			}
			if got := res.Header.Get("Server-Timing"); !regexp.MustCompile(test.header).MatchString(got) {
				t.Errorf("Server-Timing = %s; want %s", got, test.header)
			}
			if got := res.Trailer.Get("Server-Timing"); !regexp.MustCompile(test.trailer).MatchString(got) {
				t.Errorf("its trailer = %s; want %s", got, test.trailer)
			}
		})
	}
}
