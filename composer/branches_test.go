package composer_test

import (
	"fmt"
	"html"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer"
)

const (
	succeeds = `<esi:include src="/fragments/good/x"/>`
	fails    = `<esi:include src="/fragments/bad/x"/>`
)

func try(attempt, except string) string {
	return "<esi:try><esi:attempt>" + attempt + "</esi:attempt><esi:except>" + except + "</esi:except></esi:try>"
}

func when(test, branch, otherwise string) string {
	return `<esi:choose><esi:when test="` + test + `">` + branch + "</esi:when><esi:otherwise>" + otherwise + "</esi:otherwise></esi:choose>"
}

func TestBranches(t *testing.T) {
	tests := []struct {
		name, page string
		status     int
		body       string
	}{
		{"an attempt that succeeds", try("a"+succeeds, "b"), 200, "agood"},
		{"an attempt that fails leaves nothing", try("a"+succeeds+fails, "b"), 200, "b"},
		{"an except may include", try(fails, "b"+succeeds), 200, "bgood"},
		{"an except that fails is an error of the page", try(fails, fails), 502, "Bad Gateway\n"},
		{"a try in an attempt catches its own", try("a"+try(fails, "b"), "c"), 200, "ab"},
		{"a try in an attempt that cannot fails it", try("a"+try(fails, fails), "c"), 200, "c"},
		{"a try in an except", try(fails, try(fails, "b")), 200, "b"},
		{"a try without except", "a<esi:try><esi:attempt>" + fails + "</esi:attempt></esi:try>b", 200, "ab"},
		{"an include that falls back fails no attempt", try(`<esi:include src="/fragments/bad/x">a</esi:include>`, "b"), 200, "a"},
		{"nor does one that continues", try(`a<esi:include src="/fragments/bad/x" onerror="continue"/>`, "b"), 200, "a"},
		{"a fallback that fails does", try(`<esi:include src="/fragments/bad/x">`+fails+`</esi:include>`, "b"), 200, "b"},
		{"a fragment whose include fails fails the attempt", try(`<esi:include src="/fragments/nested/x"/>`, "b"), 200, "b"},
		{"a branch that is taken", when("$(QUERY_STRING{a})==1", "a"+succeeds, "b"), 200, "agood"},
		{"a branch that is not is not fetched", when("$(QUERY_STRING{a})==2", fails, "b"), 200, "b"},
		{"no branch", `a<esi:choose><esi:when test="0">b</esi:when></esi:choose>c`, 200, "ac"},
		{"a failed include in a branch", when("1", fails, "b"), 502, "Bad Gateway\n"},
		{"a branch in an attempt", try(when("1", fails, "a"), "b"), 200, "b"},
		{"an attempt in a branch", when("1", try(fails, "a"), "b"), 200, "a"},
		{"a variable in a branch", when("1", "$(QUERY_STRING{b})", ""), 200, "&lt;esi:vars&gt;$(HTTP_HOST)"},
		{"a variable in an attempt and in an except", try("$(QUERY_STRING{a})"+fails, "[$(QUERY_STRING{a}|x)$(QUERY_STRING{c}|'y z')]"), 200, "[1y z]"},
		{"variables outside stay", `<script>$(document).ready()</script>$(QUERY_STRING)`, 200, `<script>$(document).ready()</script>$(QUERY_STRING)`},
		{"a variable in a quoted attribute ends no tag", `<esi:vars><a title="$(QUERY_STRING{q})"></esi:vars>`, 200, `<a title="&#34;&gt;&lt;script&gt;">`},
		{"an inline", `a<esi:inline name="/x" fetchable="yes">b` + succeeds + `</esi:inline>c`, 200, "abgoodc"},
		{"text", `<esi:text>` + fails + `</esi:text>`, 200, fails},
		{"an unknown element", `a<esi:magic>b</esi:magic>c`, 200, "abc"},
		{"a page that a template's comment hides", `<!-- ` + fails + ` -->`, 200, `<!-- ` + fails + ` -->`},
		{"a source on a host that is not known", `<esi:include src="//elsewhere.example/x">a</esi:include>`, 200, "a"},
		{"a fragment that a key names", `<esi:include src="/fragments/$(QUERY_STRING{f})/x"/>`, 200, "good"},
		{"a key cannot leave its segment", `<esi:include src="/fragments/good/$(QUERY_STRING{p})">a</esi:include>`, 200, "a"},
		{"a redirect fails", `<esi:include src="/fragments/moved/x">a</esi:include>`, 200, "a"},
		{"a redirect that may be followed", `<esi:include src="/fragments/moved/x" redirect="follow"/>`, 200, "arrived"},
		{"a redirect to another origin", `<esi:include src="/fragments/moved/away" redirect="follow">a</esi:include>`, 200, "a"},
		{"redirects without end", `<esi:include src="/fragments/moved/loop" redirect="follow">a</esi:include>`, 200, "a"},
	}
	const query = "/?a=1&b=%3Cesi:vars%3E$(HTTP_HOST)&q=%22%3E%3Cscript%3E&f=good&p=..%2F..%2Fbad"
	moved := func(w http.ResponseWriter, r *http.Request) {
		to := map[string]string{"/x": "/y?z", "/away": "//elsewhere.example/y", "/loop": "loop"}[r.URL.Path]
		if to == "" {
			_, _ = io.WriteString(w, "arrived")
			return
		}
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusFound)
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newSite(t, composer.Options{}, fragments{
				"page": template(test.page), "good": piece("good"), "bad": status(503, "secret"), "nested": template("n" + fails), "moved": moved,
			}, nil)
			if got := s.get(t, query); got.status != test.status || got.body != test.body {
				t.Errorf("page %s = %d %q; want %d %q", test.page, got.status, got.body, test.status, test.body)
			}
		})
	}
}

// TestARedirectIsFollowedWhileItIsRenewed is for the race detector: the request
// that renews a stored redirect goes on while a page follows it.
func TestARedirectIsFollowedWhileItIsRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newComposer(t, composer.Options{}, fragments{
			"page": template(`<esi:include src="/fragments/moved/x" redirect="follow"/>`),
			"moved": func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/x" {
					with("Location: /y|Cache-Control: max-age=1, stale-while-revalidate=100", status(302, ""))(w, r)
					return
				}
				_, _ = io.WriteString(w, "arrived")
			},
		}, nil)
		for range 50 {
			w := httptest.NewRecorder()
			if c.Page("page").ServeHTTP(w, request(t, "GET", "/")); w.Body.String() != "arrived" {
				t.Errorf("the page is %d %q; want what the redirect leads to", w.Code, w.Body)
			}
			time.Sleep(2 * time.Second)
		}
	})
}

func TestARedirectIsFollowedBelowTheBaseOfItsSource(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/base/x", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "y", http.StatusFound) })
	mux.HandleFunc("/base/up", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/y", http.StatusFound) })
	mux.HandleFunc("/base/y", piece("below"))
	mux.HandleFunc("/y", piece("above"))
	base := remote(t, mux.ServeHTTP)
	base.Path = "/base"
	s := newSite(t, composer.Options{}, fragments{"page": template(
		`<esi:include src="/fragments/part/x" redirect="follow">a</esi:include>,<esi:include src="/fragments/part/up" redirect="follow">b</esi:include>`)},
		map[string]composer.Source{"part": {URL: base}})
	if got, want := s.get(t, "/").body, "below,b"; got != want {
		t.Errorf("page = %q; want %q", got, want)
	}
}

func TestAPartOfAnAnswer(t *testing.T) {
	const document = `<html><head><title>t</title></head><body><p id="a">one<b>two</b></p><esi:include src="/fragments/bad/x"/><div id="x y">three</div></body></html>`
	tests := []struct{ name, page, want string }{
		{"an element by its id", `<esi:include src="/fragments/part/x#a"/>`, `<p id="a">one<b>two</b></p>`},
		{"an id is no selector", `<esi:include src="/fragments/part/x#x y"/>`, `<div id="x y">three</div>`},
		{"an id that is not there is a failure", `<esi:include src="/fragments/part/x#b">none</esi:include>`, "none"},
		{"alt has its own", `<esi:include src="/fragments/part/x#b" alt="/fragments/part/x#a"/>`, `<p id="a">one<b>two</b></p>`},
		{"a part is not read as ESI", `<esi:include src="/fragments/nested/x#n"/>`, `<p id="n"><esi:remove>a</esi:remove></p>`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newSite(t, composer.Options{}, fragments{
				"page": template(test.page), "part": piece(document), "nested": template(`<p id="n"><esi:remove>a</esi:remove></p>`),
			}, nil)
			if got := s.get(t, "/").body; got != test.want {
				t.Errorf("page %s = %q; want %q", test.page, got, test.want)
			}
		})
	}
}

// TestAPartOfAStoredAnswerIsLookedForOnce counts what a page allocates that shows
// a part of a document with many elements: to read that again takes thousands.
func TestAPartOfAStoredAnswerIsLookedForOnce(t *testing.T) {
	const most = 500
	document := strings.Repeat("<p>text</p>", 5000) + `<p id="a">part</p>`
	c := newComposer(t, composer.Options{}, fragments{
		"page": with("Cache-Control: max-age=3600", template(`<esi:include src="/fragments/part/x#a"/>`)),
		"part": with("Cache-Control: max-age=3600", piece(document)),
	}, nil)
	got := testing.AllocsPerRun(20, func() {
		w := httptest.NewRecorder()
		if c.Page("page").ServeHTTP(w, request(t, "GET", "/")); w.Body.String() != `<p id="a">part</p>` {
			t.Errorf("the page is %q; want the part", w.Body)
		}
	})
	if got > most {
		t.Errorf("%.0f allocations; want %d at most", got, most)
	}
}

// Whatever is fetched for an attempt starts with all that stands around it.
func TestAttemptsAreFetchedInParallel(t *testing.T) {
	include := func(i int) string { return fmt.Sprintf(`<esi:include src="/fragments/good/%d"/>`, i) }
	page := include(1) + try(include(2), "") + try(try(include(3), "")+include(4), "") + when("1", include(5), "") + include(6)
	const n = 6
	var all sync.WaitGroup
	all.Add(n)
	s := newSite(t, composer.Options{CacheSize: -1, MaxWait: 10 * time.Second}, fragments{"page": template(page),
		"good": func(w http.ResponseWriter, _ *http.Request) {
			all.Done()
			all.Wait() // ends only if every include has come this far
			_, _ = io.WriteString(w, "x")
		}}, nil)
	if got, want := s.get(t, "/").body, strings.Repeat("x", n); got != want {
		t.Errorf("page = %q; want %q", got, want)
	}
}

func TestAnExceptStartsWhenTheAttemptHasFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(50 * time.Millisecond)
			_, _ = io.WriteString(w, "slow")
		}
		page := try(`<esi:include src="/fragments/slow/x"/>`+fails, `<esi:include src="/fragments/slow/y"/>`)
		c := newComposer(t, composer.Options{}, fragments{"page": template(page), "slow": slow, "bad": status(500, "")}, nil)
		w, started := httptest.NewRecorder(), time.Now()
		c.Page("page").ServeHTTP(w, request(t, "GET", "/"))
		if took := time.Since(started); took != 50*time.Millisecond || w.Body.String() != "slow" {
			t.Errorf("page took %v and is %q; want 50ms, since the except need not wait for the rest of the attempt", took, w.Body)
		}
	})
}

func TestPrimaryInABranch(t *testing.T) {
	const primary = `<esi:include src="/fragments/lost/x" primary="primary"/>`
	tests := []struct {
		name, page string
		want       int
	}{
		{"taken", "a" + when("1", primary, ""), 404},
		{"not taken", "a" + when("0", primary, ""), 200},
		{"in an attempt", "a" + try(primary, "b"), 404},
		{"in an except", "a" + try("b", primary), 200},
		{"that is broken, in an attempt", "a" + try(`<esi:include src="/fragments/bad/x" primary="primary"/>`, "b"), 200},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newSite(t, composer.Options{}, fragments{"page": template(test.page), "lost": status(404, ""), "bad": status(500, "")}, nil)
			if got := s.get(t, "/").status; got != test.want {
				t.Errorf("status of %s = %d; want %d", test.page, got, test.want)
			}
		})
	}
}

// A template arrives in pieces, cut at every byte. The page is the same.
func TestHowATemplateIsCutChangesNothing(t *testing.T) {
	page := "a" + try(fails, "b$(QUERY_STRING{a})") + when("$(QUERY_STRING{a}|'x')=='1'", succeeds, "") + "<!--esi c--><esi:text>$(</esi:text>é"
	const want = "ab1good c$(é"
	for i := range len(page) {
		c := newComposer(t, composer.Options{}, fragments{"good": piece("good"), "bad": status(500, ""),
			"page": func(w http.ResponseWriter, r *http.Request) {
				template(page[:i])(w, r)
				_, _ = io.WriteString(w, page[i:])
			}}, nil)
		w := httptest.NewRecorder()
		c.Page("page").ServeHTTP(w, request(t, "GET", "/?a=1"))
		if got := w.Body.String(); got != want {
			t.Errorf("page cut at %d = %q; want %q", i, got, want)
		}
	}
}

func TestAPageWithoutESIIsItsTemplate(t *testing.T) {
	for _, page := range []string{"", "text", "<!-- $(QUERY_STRING) --><p>$(HTTP_HOST)</p>\r\n", "<!--es i--><esi", "\xff\x00<"} {
		s := newSite(t, composer.Options{}, fragments{"page": template(page)}, nil)
		got := s.get(t, "/?a=1")
		if got.body != page || got.header.Get("Content-Length") != fmt.Sprint(len(page)) {
			t.Errorf("page = %q with length %s; want %q", got.body, got.header.Get("Content-Length"), page)
		}
	}
}

// Two values that make an element together are text all the same, as is what
// a fragment brings in that did not opt in.
func TestNothingIsReadTwice(t *testing.T) {
	const page = `<esi:vars>$(QUERY_STRING{a})$(QUERY_STRING{b})</esi:vars><esi:include src="/fragments/echo/x?$(QUERY_STRING{c})"/>`
	s := newSite(t, composer.Options{}, fragments{"page": template(page), "good": piece("good"),
		"echo": func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, succeeds+"$(QUERY_STRING)"+r.URL.RawQuery)
		}}, nil)
	got := s.get(t, "/?a=%3Cesi:include%20src=%22/fragments/&b=good/x%22/%3E$(HTTP_HOST)&c=$(HTTP_HOST)%0d%0aX:y").body
	want := "&lt;esi:include src=&#34;/fragments/good/x&#34;/&gt;$(HTTP_HOST)" + succeeds + "$(QUERY_STRING)%24%28HTTP_HOST%29%0D%0AX:y"
	if got != want {
		t.Errorf("page = %q; want %q", got, want)
	}
}

// Whatever the latencies of its fragments are, a page is what it would be if
// they were asked one after the other.
func TestOrderIsThatOfOneAfterTheOther(t *testing.T) {
	include := func(i int) string { return fmt.Sprintf(`<esi:include src="/fragments/part/%d"/>`, i) }
	page := "a" + include(1) + try(include(2)+include(3), "x") + "b" + try(include(4)+fails, include(5)) + when("1", include(6)+include(7), "") + include(8) + "c"
	const want = "a/1/2/3b/5/6/7/8c"
	for seed := range uint64(30) {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 0))
			var latency [9]time.Duration
			for i := range latency {
				latency[i] = time.Duration(random.IntN(900)) * time.Millisecond
			}
			c := newComposer(t, composer.Options{}, fragments{"page": template(page), "bad": status(500, ""),
				"part": func(w http.ResponseWriter, r *http.Request) {
					time.Sleep(latency[r.URL.Path[1]-'0'])
					_, _ = io.WriteString(w, r.URL.Path)
				}}, nil)
			w := httptest.NewRecorder()
			c.Page("page").ServeHTTP(w, request(t, "GET", "/"))
			if got := w.Body.String(); got != want {
				t.Errorf("page with latencies %v = %q; want %q", latency, got, want)
			}
			time.Sleep(time.Second) // until the handlers have returned, as a bubble demands
		})
	}
}

func TestTheAuthorOfATemplateIsWarnedInTheHeader(t *testing.T) {
	tests := []struct {
		name, page string
		want       []string
	}{
		{"of nothing", "<p>", nil},
		{"of an unknown element", "a\n<esi:magic/>", []string{"2:1: esi:magic is unknown and was taken out; remove it"}},
		{"of eight things at most", strings.Repeat("</esi:x>", 9), slices.Repeat([]string{"x is closed but was not open; remove the end tag"}, 8)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newSite(t, composer.Options{}, fragments{"page": template(test.page)}, nil)
			got := s.get(t, "/").header["Selvedge-Warning"]
			if !slices.EqualFunc(got, test.want, strings.HasSuffix) {
				t.Errorf("warnings of %q = %q; want %q", test.page, got, test.want)
			}
		})
	}
}

// FuzzNothingIsReadTwice brings in two values, which together may be anything.
func FuzzNothingIsReadTwice(f *testing.F) {
	f.Add("<esi:include src='/frag", "ments/good/x'/>")
	f.Add("$(QUERY_STRING", "{a})")
	f.Add("<!--esi ", "-->")
	f.Fuzz(func(t *testing.T, a, b string) {
		c := newComposer(t, composer.Options{}, fragments{
			"page": template("<esi:vars>$(QUERY_STRING{a})$(QUERY_STRING{b})</esi:vars>"), "good": piece("good"),
		}, nil)
		r := request(t, "GET", "/")
		r.URL.RawQuery = url.Values{"a": {a}, "b": {b}}.Encode()
		w := httptest.NewRecorder()
		c.Page("page").ServeHTTP(w, r)
		if got, want := w.Body.String(), html.EscapeString(a)+html.EscapeString(b); got != want {
			t.Errorf("page = %q; want %q", got, want)
		}
	})
}
