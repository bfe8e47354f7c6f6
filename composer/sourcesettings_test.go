package composer_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer"
)

// telling answers with the cookies and the currency that it received.
func telling(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = fmt.Fprintf(w, "[%s|%s]", r.Header.Get("Cookie"), r.Header.Get("X-Currency"))
}

// withSettings returns a source with settings of its own.
func withSettings(s composer.Source, change func(*composer.Source)) composer.Source {
	change(&s)
	return s
}

func TestASourceReceivesItsOwnCookiesAndFields(t *testing.T) {
	tests := []struct {
		name   string
		change func(*composer.Source)
		want   string
	}{
		{"as the options say", func(*composer.Source) {}, "[lang=de|]"},
		{"a cookie of its own", func(s *composer.Source) { s.Cookies = []string{"user"} }, "[user=ann|]"},
		{"two, and a field", func(s *composer.Source) { s.Cookies, s.Headers = []string{"lang", "user"}, []string{"x-currency"} }, "[user=ann; lang=de|EUR]"},
		{"the field alone", func(s *composer.Source) { s.Headers = []string{"X-Currency"} }, "[lang=de|EUR]"},
		{"all", func(s *composer.Source) { s.Cookies = []string{"*"} }, "[user=ann; lang=de; track=1|]"},
		{"nothing", func(s *composer.Source) { s.Cookies, s.Headers = []string{}, []string{} }, "[|]"},
	}
	for _, kind := range kinds {
		for _, test := range tests {
			t.Run(kind.name+" "+test.name, func(t *testing.T) {
				own := withSettings(kind.source(t, telling), test.change)
				s := newSite(t, composer.Options{Cookies: []string{"lang"}}, fragments{
					"other": telling, "top": template(`<esi:include src="/fragments/own/x"/><esi:include src="/fragments/other/x"/>`),
				}, map[string]composer.Source{"own": own, "page": own, "api": own})
				const visitor = "|Cookie: user=ann; lang=de; track=1|X-Currency: EUR"
				for request, want := range map[string]string{
					"GET /fragments/top/x": test.want + "[lang=de|]", // an include
					"GET /":                test.want,                // a template
					"GET /fragments/own/x": test.want,                // a fragment
					"POST /api/x":          test.want,                // a form
					"GET /api/x":           test.want,                // an API call
				} {
					if got := s.ask(t, request+visitor).body; got != want {
						t.Errorf("%s = %q; want %q", request, got, want)
					}
				}
			})
		}
	}
}

// TestAnOwnListHasTheSessionByName is that a source gets the visitor's session only by
// name.
func TestAnOwnListHasTheSessionByName(t *testing.T) {
	for _, test := range []struct {
		cookies []string
		want    string
	}{{nil, "[selvedge-session=" + alice + "|]"}, {[]string{"user"}, "[|]"}, {[]string{"selvedge-session"}, "[selvedge-session=" + alice + "|]"}} {
		c := newComposer(t, composer.Options{}, nil, map[string]composer.Source{"page": {Handler: http.HandlerFunc(telling), Cookies: test.cookies}})
		w := newRecording()
		c.Page("page").ServeHTTP(w, c.WithSession(request(t, http.MethodGet, "/"), alice))
		if got := w.body.String(); got != test.want {
			t.Errorf("with %q the source received %s; want %s", test.cookies, got, test.want)
		}
	}
}

// TestSourcesWithOtherListsShareNoResponse has one handler as two sources, whose responses
// are stored and vary on the cookies.
func TestSourcesWithOtherListsShareNoResponse(t *testing.T) {
	f := with("Cache-Control: public, max-age=60|Vary: Cookie, X-Currency", telling)
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			s := newSite(t, composer.Options{}, fragments{
				"page": with("Cache-Control: public, max-age=60", template(`<esi:include src="/fragments/a/x"/><esi:include src="/fragments/b/x"/>`)),
			}, map[string]composer.Source{
				"a": withSettings(kind.source(t, f), func(s *composer.Source) { s.Cookies = []string{"a"} }),
				"b": withSettings(kind.source(t, f), func(s *composer.Source) { s.Cookies, s.Headers = []string{"b"}, []string{"X-Currency"} }),
			})
			for range 3 { // the second is of stored parts alone
				for _, visitor := range []string{"1", "2"} {
					a := s.ask(t, "GET /|Cookie: a="+visitor+"; b="+visitor+"|X-Currency: "+visitor)
					if want := fmt.Sprintf("[a=%s|][b=%[1]s|%[1]s]", visitor); a.body != want {
						t.Errorf("visitor %s sees %q; want %q", visitor, a.body, want)
					}
					if got := a.header.Get("Cache-Control"); !strings.Contains(got, "private") {
						t.Errorf("Cache-Control = %q; want a page for one visitor", got)
					}
				}
			}
		})
	}
}

// TestAPageWithAFieldOfASourceIsForOneVisitor has a source whose response varies on a field
// that no other source receives.
func TestAPageWithAFieldOfASourceIsForOneVisitor(t *testing.T) {
	f := with("Cache-Control: public, max-age=60|Vary: X-Currency", telling)
	s := newSite(t, composer.Options{}, fragments{"page": with("Cache-Control: public, max-age=60", template(`<esi:include src="/fragments/own/x" required="required"/>`))},
		map[string]composer.Source{"own": {Handler: f, Headers: []string{"X-Currency"}}})
	for _, currency := range []string{"EUR", "USD", "EUR"} {
		a := s.ask(t, "GET /|X-Currency: "+currency)
		if control := a.header.Get("Cache-Control"); a.body != "[|"+currency+"]" || control != "private, max-age=60" {
			t.Errorf("a page in %s is %q with Cache-Control %q; want it private", currency, a.body, control)
		}
	}
}

func TestASourceHasItsOwnTimeout(t *testing.T) {
	tests := []struct {
		name, attributes string
		timeout, want    time.Duration
	}{
		{"of the options", "", 0, time.Second},
		{"of the source", "", 300 * time.Millisecond, 300 * time.Millisecond},
		{"longer than that of the options", "", 3 * time.Second, 3 * time.Second},
		{"of the include", ` maxwait="700"`, 300 * time.Millisecond, 700 * time.Millisecond},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				never := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
				c := newComposer(t, composer.Options{}, fragments{"page": template(`<esi:include src="/fragments/slow/x"` + test.attributes + `>late</esi:include>`)},
					map[string]composer.Source{"slow": {Handler: http.HandlerFunc(never), Timeout: test.timeout}})
				w, begun := newRecording(), time.Now()
				c.Page("page").ServeHTTP(w, request(t, http.MethodGet, "/"))
				if got := time.Since(begun); got != test.want || w.body.String() != "late" {
					t.Errorf("after %v the page is %q; want the fallback after %v", got, w.body.String(), test.want)
				}
				synctest.Wait()
			})
		})
	}
}

// setting answers with a body and sets three cookies of its own, and some that would change
// the visitor's session.
func setting(status int, h http.Header) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Set-Cookie"] = []string{
			"user=ann; Path=/; HttpOnly", "flash=1", "track=2", "selvedge-session=x", "__Host-selvedge-session=x; Secure", "selvedge-session-0000=x", "=selvedge-session=x",
		}
		w.Header()["Cache-Control"] = []string{"public, max-age=60"}
		for name, values := range h {
			w.Header()[name] = values
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "part")
	}
}

func TestASourceSetsTheCookiesThatAreNamed(t *testing.T) {
	tests := []struct {
		name      string
		set       []string
		with, act []string // what a page and an action set
	}{
		{"as the options say", nil, []string{"track=2"}, nil},
		{"none", []string{}, nil, nil},
		{"one", []string{"user"}, []string{"user=ann; Path=/; HttpOnly"}, []string{"user=ann; Path=/; HttpOnly"}},
		{"two and the session", []string{"flash", "user", "selvedge-session", "__Host-selvedge-session", "selvedge-session-0000"}, []string{"user=ann; Path=/; HttpOnly", "flash=1"}, []string{"user=ann; Path=/; HttpOnly", "flash=1"}},
		{"all", []string{"*"}, []string{"user=ann; Path=/; HttpOnly", "flash=1", "track=2"}, []string{"user=ann; Path=/; HttpOnly", "flash=1", "track=2"}},
	}
	html, seeOther := http.Header{"Content-Type": {"text/html"}}, http.Header{"Location": {"/"}}
	refused := http.Header{"Content-Type": {"text/html"}, "Selvedge-Error": {"show"}}
	for _, kind := range kinds {
		for _, test := range tests {
			t.Run(kind.name+" "+test.name, func(t *testing.T) {
				source := func(h http.HandlerFunc) composer.Source {
					return withSettings(kind.source(t, h), func(s *composer.Source) { s.SetCookies = test.set })
				}
				page := newSite(t, composer.Options{SetCookies: []string{"track"}}, fragments{"page": template(`<esi:include src="/fragments/own/x" required="required"/>`)},
					map[string]composer.Source{"own": source(setting(200, html)), "api": source(setting(200, html))})
				moved := newSite(t, composer.Options{}, nil, map[string]composer.Source{"page": source(setting(200, html)), "api": source(setting(303, seeOther))})
				refusing := newSite(t, composer.Options{}, nil, map[string]composer.Source{"api": source(setting(422, refused))})
				for _, ask := range []struct {
					name string
					site *site
					line string
					want []string
				}{
					{"a page", page, "GET /", test.with},
					{"an API call", page, "GET /api/x", test.act},
					{"a form", page, "POST /api/x", test.act},
					{"a form in the background", page, "POST /api/x|HX-Request: true", test.act},
					{"a redirect after a form", moved, "POST /api/x", test.act},
					{"a template", moved, "GET /", test.act},
					{"a refused form", refusing, "POST /api/x", test.act},
					{"a fragment", page, "GET /fragments/own/x", test.act},
				} {
					a := ask.site.ask(t, ask.line)
					if diff := cmp.Diff(ask.want, a.header["Set-Cookie"]); diff != "" {
						t.Errorf("%s sets (-want +got):\n%s", ask.name, diff)
					}
					if control := a.header.Get("Cache-Control"); ask.want != nil && control != "no-store" {
						t.Errorf("%s has Cache-Control %q; want no-store", ask.name, control)
					}
				}
			})
		}
	}
}

// TestAResponseThatSetsACookieIsNotStored has a source that may set cookies.
func TestAResponseThatSetsACookieIsNotStored(t *testing.T) {
	n := 0
	counted := func(w http.ResponseWriter, _ *http.Request) {
		n++
		set(w, "Cache-Control: public, max-age=60", fmt.Sprintf("Set-Cookie: user=%d", n))
		_, _ = io.WriteString(w, "part")
	}
	s := newSite(t, composer.Options{}, fragments{"page": template(`<esi:include src="/fragments/own/x" required="required"/>`)},
		map[string]composer.Source{"own": {Handler: http.HandlerFunc(counted), SetCookies: []string{"user"}}})
	for _, want := range []string{"user=1", "user=2"} {
		if got := s.get(t, "/").header["Set-Cookie"]; !slices.Equal(got, []string{want}) {
			t.Errorf("a visitor gets %q; want their own %s", got, want)
		}
	}
}
