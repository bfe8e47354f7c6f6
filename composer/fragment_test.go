package composer_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer"
)

// Every header that a fragment sees may change its answer, so one that is
// asked for alone sees what it sees in a page.
func TestAFragmentAloneIsWhatAPageIncludes(t *testing.T) {
	echo := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Method+" "+r.Host+r.RequestURI+"\n")
		_ = r.Header.WriteSubset(w, map[string]bool{"Selvedge-Timeout": true}) // the only one that time changes
	}
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			s := newSite(t, composer.Options{Cookies: []string{"session", "language"}},
				fragments{"page": template(`<esi:include src="/fragments/echo/x%2Fy?a=b"/>`)},
				map[string]composer.Source{"echo": kind.source(t, echo)})
			ask := func(target string) string {
				r := s.request(t, http.MethodGet, target, nil)
				r.Header = http.Header{
					"Accept": {"text/html"}, "Cookie": {"a=b; session=s; language=de"}, "User-Agent": {"test"}, "Referer": {"http://shop/"},
					"If-None-Match": {`"x"`}, "Authorization": {"Bearer t"}, "Idempotency-Key": {"k"},
				}
				return s.do(t, r).body
			}
			page, alone := ask("/"), ask("/fragments/echo/x%2Fy?a=b")
			if diff := cmp.Diff(page, alone); diff != "" {
				t.Errorf("the fragment (-in the page +alone):\n%s", diff)
			}
			for _, want := range []string{"GET ", "/x%2Fy?a=b\n", "Cookie: session=s; language=de\r\n", "User-Agent: test\r\n", "Accept: text/html\r\n"} {
				if !strings.Contains(alone, want) {
					t.Errorf("the fragment saw %q; want %q in it", alone, want)
				}
			}
			for _, name := range []string{"If-None-Match", "Authorization", "Idempotency-Key"} {
				if strings.Contains(alone, name) {
					t.Errorf("the fragment saw %s:\n%s", name, alone)
				}
			}
		})
	}
}

// Who asks for a fragment alone says what it should look like.
func TestAFragmentAloneSeesAccept(t *testing.T) {
	echo := func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Header.Get("Accept")) }
	s := newSite(t, composer.Options{}, fragments{"echo": echo}, nil)
	r := s.request(t, http.MethodGet, "/fragments/echo/x", nil)
	r.Header.Set("Accept", "application/json")
	if got := s.do(t, r).body; got != "application/json" {
		t.Errorf("the fragment saw Accept %q; want that of the request", got)
	}
}

func TestAFragmentAloneThatIncludesIsComplete(t *testing.T) {
	outer := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"outer"`)
		w.Header().Set("Cache-Control", "public, max-age=60")
		template(`a<esi:include src="/fragments/inner/x"/>c`)(w, r)
	}
	s := newSite(t, composer.Options{}, fragments{"page": template(`<esi:include src="/fragments/outer/x"/>`), "outer": outer, "inner": piece("b")}, nil)
	alone := s.get(t, "/fragments/outer/x")
	if page := s.get(t, "/"); page.body != "abc" || alone.body != "abc" {
		t.Errorf("in a page %q, alone %q; want both %q", page.body, alone.body, "abc")
	}
	// What the outer one says of itself does not hold for what it includes.
	if etag := alone.header.Get("ETag"); etag == "" || etag == `"outer"` || alone.header.Get("Cache-Control") != "no-cache" {
		t.Errorf("header = %v; want an ETag of both, and no-cache", alone.header)
	}
}

func TestHeadAndConditionalRequestsOfAFragment(t *testing.T) {
	part := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `W/"1"`)
		w.Header().Set("Cache-Control", "private, no-cache")
		w.Header().Set("Cache-Groups", `"cart:1"`)
		w.Header().Set("Set-Cookie", "session=stolen")
		piece("part")(w, r)
	}
	tests := []struct {
		name, method, ifNoneMatch string
		status                    int
		length, body              string
	}{
		{"GET", "GET", "", 200, "4", "part"},
		{"HEAD", "HEAD", "", 200, "4", ""},
		{"GET of another version", "GET", `"0"`, 200, "4", "part"},
		{"GET of the same version", "GET", `"0", W/"1"`, 304, "", ""},
		{"HEAD of the same version", "HEAD", `W/"1"`, 304, "", ""},
	}
	for _, kind := range kinds {
		for _, test := range tests {
			t.Run(kind.name+" "+test.name, func(t *testing.T) {
				s := newSite(t, composer.Options{}, nil, map[string]composer.Source{"part": kind.source(t, part)})
				r := s.request(t, test.method, "/fragments/part/x", nil)
				if test.ifNoneMatch != "" {
					r.Header.Set("If-None-Match", test.ifNoneMatch)
				}
				got := s.do(t, r)
				if got.status != test.status || got.body != test.body || got.header.Get("Content-Length") != test.length {
					t.Errorf("answer = %d %q of %q bytes; want %d %q of %q", got.status, got.body, got.header.Get("Content-Length"), test.status, test.body, test.length)
				}
				if got.header.Get("ETag") != `W/"1"` || got.header.Get("Cache-Groups") != `"cart:1"` || got.header.Get("Set-Cookie") != "" {
					t.Errorf("header = %v; want the fragment's ETag and groups, and no cookie", got.header)
				}
			})
		}
	}
}

func TestStatusOfAFragmentAlone(t *testing.T) {
	tests := []struct {
		name, target string
		part         http.HandlerFunc
		status       int
		body         string
	}{
		{"a success", "part/x", status(201, "part"), 201, "part"},
		{"a redirect is not followed", "part/x", status(302, "there"), 302, "there"},
		{"an error of its own", "part/x", status(503, "sorry"), 503, "sorry"},
		{"a 404 of its own", "part/x", status(404, "nothing"), 404, "nothing"},
		{"a 404 for a person is for a page", "part/x", shown(404, "nothing"), 404, "Not Found\n"},
		{"a status that is none", "part/x", status(999, "secret"), 502, "Bad Gateway\n"},
		{"a panic", "part/x", func(http.ResponseWriter, *http.Request) { panic("secret") }, 502, "Bad Gateway\n"},
		{"an answer that is too large", "part/x", piece(strings.Repeat("s", limit+1)), 502, "Bad Gateway\n"},
		{"a constraint that fits", "part@^1/x", piece("part"), 200, "part"},
		{"a constraint that does not", "part@^2/x", piece("part"), 404, "Not Found\n"},
		{"a constraint that is none", "part@new/x", piece("part"), 400, "Bad Request\n"},
		{"no constraint after @", "part@/x", piece("part"), 400, "Bad Request\n"},
		{"no such fragment", "none/x", piece("part"), 404, "Not Found\n"},
		{"no name of a fragment", "PART/x", piece("part"), 400, "Bad Request\n"},
		{"no path", "part", piece("part"), 400, "Bad Request\n"},
		{"an encoded way out", "part/%2e%2e/x", piece("part"), 400, "Bad Request\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newSite(t, composer.Options{MaxFragment: limit}, fragments{"part": test.part}, nil)
			r := s.request(t, http.MethodGet, "/", nil)
			r.URL.Opaque = composer.Prefix + test.target // as it is, without a client's tidying
			if got := s.do(t, r); got.status != test.status || got.body != test.body {
				t.Errorf("GET %s = %d %q; want %d %q", test.target, got.status, got.body, test.status, test.body)
			}
		})
	}
}

func TestVersionsAreSaidWhenNoneFits(t *testing.T) {
	var got error
	c := newComposer(t, composer.Options{Error: func(_ http.ResponseWriter, _ *http.Request, err error) { got = err }}, fragments{"part": piece("part")}, nil)
	c.Fragment().ServeHTTP(httptest.NewRecorder(), request(t, "GET", "/fragments/part@%3E1.0.0/x"))
	var version *composer.VersionError
	if !errors.As(got, &version) || cmp.Diff(version.Versions, []string{"1.0.0"}) != "" || version.Constraint != ">1.0.0" {
		t.Errorf("error = %#v; want that >1.0.0 does not fit 1.0.0", got)
	}
}

func TestAFormOfAFragmentIsHandedOn(t *testing.T) {
	part := func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = io.WriteString(w, r.Method+" "+r.URL.RequestURI()+" "+string(body))
	}
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			s := newSite(t, composer.Options{}, nil, map[string]composer.Source{"cart": kind.source(t, part)})
			r := s.request(t, http.MethodPost, "/fragments/cart@^1/api/cart?a=b", strings.NewReader("quantity=2"))
			if got, want := s.do(t, r).body, "POST /api/cart?a=b quantity=2"; got != want {
				t.Errorf("answer = %q; want %q", got, want)
			}
		})
	}
}
