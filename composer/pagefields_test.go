package composer_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer"
)

// ago returns a time in the form of a field.
func ago(d time.Duration) string { return time.Now().Add(-d).UTC().Format(http.TimeFormat) }

func TestTheHeaderOfAPageIsThatOfAllItsParts(t *testing.T) {
	// The page waits for what is required, so that it knows all its parts.
	const two = `<esi:include src="/a" required="required"/><esi:include src="/b" required="required"/>`
	old, older := ago(time.Hour), ago(48*time.Hour)
	tests := []struct {
		name        string
		page, a, b  string // header lines
		field, want string
	}{
		{"the strictest max-age (RFC 9111 §5.2.2.1)", "Cache-Control: max-age=60", "Cache-Control: max-age=10", "Cache-Control: max-age=30", "Cache-Control", "max-age=10"},
		{"the strictest s-maxage", "Cache-Control: max-age=9, s-maxage=60", "Cache-Control: max-age=9, s-maxage=10", "Cache-Control: max-age=9, s-maxage=30", "Cache-Control", "public, max-age=9, s-maxage=10"},
		{"private is not shared", "Cache-Control: max-age=60", "Cache-Control: private, max-age=60", "Cache-Control: max-age=60", "Cache-Control", "private, max-age=60"},
		{"no-store wins", "Cache-Control: max-age=60", "Cache-Control: no-store", "Cache-Control: max-age=60", "Cache-Control", "no-cache, no-store"},
		{"no-cache wins", "Cache-Control: max-age=60", "Cache-Control: no-cache", "Cache-Control: max-age=60", "Cache-Control", "no-cache"},
		{"must-revalidate wins", "Cache-Control: max-age=60", "Cache-Control: max-age=60, must-revalidate", "Cache-Control: max-age=60", "Cache-Control", "must-revalidate, max-age=60"},
		{"public if all are", "Cache-Control: public, max-age=60", "Cache-Control: public, max-age=60", "Cache-Control: public, max-age=60", "Cache-Control", "public, max-age=60"},
		{"not public if one is not", "Cache-Control: public, max-age=60", "Cache-Control: max-age=60", "Cache-Control: public, max-age=60", "Cache-Control", "max-age=60"},
		{"immutable if all are", "Cache-Control: immutable, max-age=60", "Cache-Control: immutable, max-age=60", "Cache-Control: immutable, max-age=60", "Cache-Control", "max-age=60, immutable"},
		{"not immutable if one is not", "Cache-Control: immutable, max-age=60", "Cache-Control: immutable, max-age=60", "Cache-Control: max-age=60", "Cache-Control", "max-age=60"},
		{"no-transform is for the page", "Cache-Control: max-age=60", "Cache-Control: max-age=60, no-transform", "Cache-Control: max-age=60", "Cache-Control", "no-transform, max-age=60"},
		{"the age of the oldest (RFC 9111 §5.1)", "Cache-Control: max-age=60|Age: 3", "Cache-Control: max-age=60|Age: 20", "Cache-Control: max-age=60", "Age", "20"},
		{"what is left of the oldest counts from there", "Cache-Control: max-age=60|Age: 3", "Cache-Control: max-age=60|Age: 20", "Cache-Control: max-age=60", "Cache-Control", "max-age=60"},
		{"and what is left is the least of all", "Cache-Control: max-age=60", "Cache-Control: max-age=30|Age: 20", "Cache-Control: max-age=60", "Cache-Control", "max-age=30"},
		{"the last change of any", "Cache-Control: max-age=60|Last-Modified: " + older, "Cache-Control: max-age=60|Last-Modified: " + old, "Cache-Control: max-age=60|Last-Modified: " + older, "Last-Modified", old},
		{"no last change if one has none", "Cache-Control: max-age=60|Last-Modified: " + older, "Cache-Control: max-age=60", "Cache-Control: max-age=60|Last-Modified: " + older, "Last-Modified", ""},
		{"what a fragment varies on is not the page's", "Vary: Accept-Language", "Vary: X-Own", "Vary: User-Agent", "Vary", "Accept-Language"},
		{"but makes it private, if a visitor sends that", "Cache-Control: max-age=60", "Cache-Control: max-age=60|Vary: User-Agent", "Cache-Control: max-age=60", "Cache-Control", "private, max-age=60"},
		{"unless the template varies on it, too", "Cache-Control: max-age=60|Vary: User-Agent", "Cache-Control: max-age=60|Vary: User-Agent", "Cache-Control: max-age=60", "Cache-Control", "max-age=60"},
		{"a cookie makes it private", "Cache-Control: max-age=60", "Cache-Control: max-age=60|Vary: Cookie", "Cache-Control: max-age=60", "Cache-Control", "private, max-age=60"},
		{"so does a password", "Cache-Control: max-age=60", "Cache-Control: max-age=60", "Cache-Control: max-age=60|Vary: Authorization", "Cache-Control", "private, max-age=60"},
		{"what origins do for codings is ours", "Vary: Accept-Encoding", "Vary: Accept-Encoding", "", "Vary", ""},
		{"a fragment's other fields end here", "", "Content-Language: de|X-A: 1|Location: /x|Refresh: 1", "Content-Disposition: attachment", "X-A", ""},
		{"its language, too", "Content-Language: en", "Content-Language: de", "", "Content-Language", "en"},
		{"its cookies, unless they are allowed", "", "Set-Cookie: a=b", "Set-Cookie: c=d", "Set-Cookie", ""},
		{"its Surrogate-Control", "", "Surrogate-Control: max-age=60", "", "Surrogate-Control", ""},
		{"and what is for us alone", "Selvedge-Cache-Control: max-age=60|Selvedge-Error: show", "Selvedge-Cache-Control: max-age=60", "Selvedge-Error: show", "Selvedge-Cache-Control", ""},
	}
	for _, front := range fronts {
		for _, test := range tests {
			t.Run(front.name+" "+test.name, func(t *testing.T) {
				s, _ := front.front(t, composer.Options{}, pages{"/": esi(test.page, two), "/a": document(test.a, "a"), "/b": document(test.b, "b")})
				for n := range 2 { // asked for, and stored
					a := s.ask(t, "GET /")
					if n == 0 && test.field == "Age" {
						continue // it is that of a time before the answers came
					}
					if got := strings.Join(a.header[test.field], ", "); got != test.want || a.body != "ab" {
						t.Errorf("%s = %q of %q; want %q", test.field, got, a.body, test.want)
					}
					for _, name := range []string{"Surrogate-Control", "Selvedge-Cache-Control", "Selvedge-Error"} {
						if a.header[name] != nil {
							t.Errorf("%s = %q; want that it ends here", name, a.header[name])
						}
					}
				}
			})
		}
	}
}

func TestExpiresIsThatOfTheMergedMaxAge(t *testing.T) {
	for _, front := range fronts {
		s, _ := front.front(t, composer.Options{}, pages{
			"/":  esi("Expires: "+ago(-time.Hour)+"|Date: "+ago(0), `<esi:include src="/a" required="required"/>`),
			"/a": document("Cache-Control: max-age=60", "a"),
		})
		at, err := http.ParseTime(s.ask(t, "GET /").header.Get("Expires"))
		if left := time.Until(at); err != nil || left < 30*time.Second || left > time.Minute {
			t.Errorf("%s: the page expires in %v, %v; want a minute", front.name, left, err)
		}
	}
}

// TestWhatATemplateSaysForItsPage holds for a template without any include, and
// for one with.
func TestWhatATemplateSaysForItsPage(t *testing.T) {
	lines := "X-Own: 1|Content-Security-Policy: default-src 'self'|Content-Language: en|Set-Cookie: a=b|Set-Cookie: c=d" +
		"|Link: </next>; rel=next, </style.css>; rel=stylesheet|Link: </me>; rel=canonical|Server-Timing: db;dur=5|Accept-Ranges: bytes|Content-Digest: x"
	for _, body := range []string{"page", `page<esi:include src="/a" required="required"/>`} {
		s, _ := proxied(t, composer.Options{}, pages{"/": esi(lines, body), "/a": document("X-Own: 2|Link: </a>; rel=next|Server-Timing: a;dur=1", "")})
		a := s.ask(t, "GET /")
		timing := a.header["Server-Timing"]
		if len(timing) == 0 || timing[0] != "db;dur=5" || strings.Contains(body, "include") != (len(timing) == 2) {
			t.Errorf("Server-Timing of %s = %q; want the template's, and ours behind it", body, timing)
		}
		for _, name := range []string{"Date", "Content-Length", "Server-Timing", "Etag"} {
			delete(a.header, name)
		}
		want := http.Header{
			"Content-Type": {"text/html; charset=utf-8"}, "X-Own": {"1"}, "Content-Security-Policy": {"default-src 'self'"}, "Content-Language": {"en"},
			"Set-Cookie": {"a=b", "c=d"}, "Cache-Control": {"no-store"}, "Cache-Status": {"selvedge; fwd=uri-miss; fwd-status=200"},
			"Link": {"</next>; rel=next", "</me>; rel=canonical", "</style.css>; rel=stylesheet"},
		}
		if diff := cmp.Diff(want, a.header); diff != "" {
			t.Errorf("header of %s (-want +got):\n%s", body, diff)
		}
	}
}

func TestCookiesOfFragments(t *testing.T) {
	const page = `<esi:include src="/a" required="required"/><esi:include src="/b" required="required"/>`
	tests := []struct {
		name    string
		allowed []string
		want    []string
	}{
		{"none", nil, nil},
		{"those that are allowed, each in a field of its own", []string{"a", "c"}, []string{"a=1; Path=/", "c=3"}},
		{"all", []string{"*"}, []string{"a=1; Path=/", "b=2", "c=3"}},
	}
	for _, front := range fronts {
		for _, test := range tests {
			t.Run(front.name+" "+test.name, func(t *testing.T) {
				s, behind := front.front(t, composer.Options{SetCookies: test.allowed}, pages{
					"/": esi("Cache-Control: max-age=60", page),
					// They say that they may be stored, and may not.
					"/a": document("Cache-Control: public, max-age=60|Set-Cookie: a=1; Path=/|Set-Cookie: b=2", "a"),
					"/b": document("Cache-Control: public, max-age=60|Set-Cookie: c=3", "b"),
				})
				for n := 1; n <= 2; n++ {
					a := s.ask(t, "GET /")
					if !slices.Equal(a.header["Set-Cookie"], test.want) {
						t.Errorf("Set-Cookie = %q; want %q", a.header["Set-Cookie"], test.want)
					}
					control := "private, max-age=60"
					if test.want != nil {
						control = "no-store"
					}
					if a.header.Get("Cache-Control") != control {
						t.Errorf("Cache-Control = %q; want %s", a.header.Get("Cache-Control"), control)
					}
					if behind.asked["/"] != 1 || behind.asked["/a"] != n || behind.asked["/b"] != n {
						t.Errorf("page %d: asked %v; want that only the template is stored", n, behind.asked)
					}
				}
			})
		}
	}
}

// TestACookieIsInNoOtherPage is that what one visitor's answer has
// is in no other page.
func TestACookieIsInNoOtherPage(t *testing.T) {
	s, _ := proxied(t, composer.Options{SetCookies: []string{"*"}}, pages{
		"/": esi("Cache-Control: max-age=60", `<esi:include src="/a"/>`), "/other": esi("Cache-Control: max-age=60", `<esi:include src="/b"/>`),
		"/a": document("Set-Cookie: a=1", "a"), "/b": document("Cache-Control: max-age=60", "b"),
	})
	for _, test := range []struct{ request, want string }{{"GET /", "[a=1]"}, {"GET /other", "[]"}, {"GET /", "[a=1]"}, {"GET /other", "[]"}} {
		if got := fmt.Sprint(s.ask(t, test.request).header["Set-Cookie"]); got != test.want {
			t.Errorf("Set-Cookie of %s = %s; want %s", test.request, got, test.want)
		}
	}
}

// TestOneTemplateForAllCodings is that the origin's Vary: Accept-Encoding does
// not divide what we decode and compress ourselves.
func TestOneTemplateForAllCodings(t *testing.T) {
	for _, front := range fronts {
		s, behind := front.front(t, composer.Options{}, pages{
			"/":  esi("Cache-Control: max-age=60|Vary: Accept-Encoding, X-Own", `<esi:include src="/a"/>`),
			"/a": document("Cache-Control: max-age=60|Vary: Accept-Encoding", strings.Repeat("a", 2000)),
		})
		for _, accepted := range []string{"", "|Accept-Encoding: gzip", "|Accept-Encoding: br", "|Accept-Encoding: zstd, gzip"} {
			a := s.ask(t, "GET /"+accepted)
			if got := strings.Join(a.header["Vary"], ", "); got != "X-Own, Accept-Encoding" {
				t.Errorf("%s: Vary of%s = %q; want the template's, and that we compress", front.name, accepted, got)
			}
		}
		if behind.asked["/"] != 1 || behind.asked["/a"] != 1 {
			t.Errorf("%s: asked %v; want each once", front.name, behind.asked)
		}
	}
}
