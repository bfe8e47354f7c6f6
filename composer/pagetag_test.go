package composer_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"selvedge/composer"
)

// TestAPageIsNotModifiedExactlyIfNoPartIs asks for each page again with the ETag
// that it had, after something has changed.
func TestAPageIsNotModifiedExactlyIfNoPartIs(t *testing.T) {
	const (
		stored, asked = "Cache-Control: max-age=60|", "Cache-Control: no-cache|"
		two           = `<esi:include src="/a"/><esi:include src="/b"/>`
		fallback      = `<esi:include src="/a">fallback</esi:include>`
		choose        = `<esi:choose><esi:when test="$(QUERY_STRING{x})=='1'">one</esi:when><esi:when test="$(QUERY_STRING{x})=='2'">one</esi:when></esi:choose>`
		cookie        = `<esi:vars>$(HTTP_COOKIE{name})</esi:vars>`
		variable      = `<esi:vars>$(HTTP_HEADER{X-Own}|'none')$(QUERY_STRING{y}|'none')</esi:vars>`
		a1, a2, b1    = `ETag: "1"`, `ETag: "2"`, `ETag: "1"`
	)
	page := func(lines, body string) string { return esi(asked+`ETag: "t"|`+lines, body) }
	whole := func(answers pages) pages {
		for path, text := range (pages{"/": page("", two), "/a": document(asked+a1, "a"), "/b": document(asked+b1, "b")}) {
			if _, ok := answers[path]; !ok {
				answers[path] = text
			}
		}
		return answers
	}
	tests := []struct {
		name          string
		before        pages
		change        pages
		first, second string // how it is asked for; with the ETag the second time
		want          int
	}{
		{"nothing has changed", whole(pages{}), nil, "", "", 304},
		{"nothing has, and a visitor takes gzip all at once", whole(pages{}), nil, "", "|Accept-Encoding: gzip", 304},
		{"a fragment has", whole(pages{}), pages{"/a": document(asked+a2, "A")}, "", "", 200},
		{"a fragment without an ETag has", whole(pages{"/a": document(asked, "a")}), pages{"/a": document(asked, "A")}, "", "", 200},
		{"a fragment without an ETag has not", whole(pages{"/a": document(asked, "a")}), nil, "", "", 304},
		{"the template has", whole(pages{}), pages{"/": esi(asked+`ETag: "t2"`, two+" ")}, "", "", 200},
		{"a stored fragment of a template that has not", whole(pages{"/a": document(stored+a1, "a")}), pages{"/b": document(asked+`ETag: "9"`, "B")}, "", "", 200},
		{"a fragment of stored parts has", whole(pages{"/": esi(stored+`ETag: "t"`, two)}), pages{"/b": document(asked+`ETag: "9"`, "B")}, "", "", 200},
		{"two fragments have each other's place", whole(pages{"/": page("", `<esi:include src="/$(QUERY_STRING{f})"/><esi:include src="/$(QUERY_STRING{g})"/>`)}), nil, "f=a&g=b", "f=b&g=a", 200},
		{"a fallback stands for a fragment", whole(pages{"/": page("", fallback)}), pages{"/a": document("Status: 500", "")}, "", "", 200},
		{"a fragment stands again for its fallback", whole(pages{"/": page("", fallback), "/a": document("Status: 500", "")}), pages{"/a": document(asked+a1, "a")}, "", "", 200},
		{"an alternative stands for a fragment", whole(pages{"/": page("", `<esi:include src="/a" alt="/b"/>`)}), pages{"/a": document("Status: 500", "")}, "", "", 200},
		{"nothing stands for a fragment", whole(pages{"/": page("", `<esi:include src="/a" onerror="continue"/>`)}), pages{"/a": document("Status: 500", "")}, "", "", 200},
		{"an except stands for an attempt", whole(pages{"/": page("", try(two, "b"))}), pages{"/a": document("Status: 500", "")}, "", "", 200},
		{"the same branch is taken", whole(pages{"/": page("", choose)}), nil, "x=1", "x=1", 304},
		{"another branch is taken, with the same text", whole(pages{"/": page("", choose)}), nil, "x=1", "x=2", 200},
		{"no branch is taken", whole(pages{"/": page("", choose)}), nil, "x=1", "x=3", 200},
		{"a variable has the same text", whole(pages{"/": page("", variable)}), nil, "y=1", "y=1", 304},
		{"a variable has another text", whole(pages{"/": page("", variable)}), nil, "y=1", "y=2", 200},
		{"the cookies are the same", whole(pages{"/": page("", cookie)}), nil, "|Cookie: name=Eve", "|Cookie: name=Eve; other=1", 304},
		{"the cookies are another's", whole(pages{"/": page("", cookie)}), nil, "|Cookie: name=Eve", "|Cookie: name=Ada", 200},
		{"a fragment of a fragment has", whole(pages{"/a": esi(asked+a1, `<esi:include src="/b"/>`)}), pages{"/b": document(asked+a2, "B")}, "", "", 200},
	}
	for _, front := range fronts {
		for _, test := range tests {
			t.Run(front.name+" "+test.name, func(t *testing.T) {
				t.Parallel()
				s, behind := front.front(t, composer.Options{ESICookies: []string{"*"}}, requiring(test.before))
				first := s.ask(t, "GET /?"+test.first)
				etag := first.header.Get("Etag")
				if first.status != 200 || etag == "" {
					t.Fatalf("page = %d %q with the ETag %q; want one", first.status, first.body, etag)
				}
				behind.change(requiring(test.change))
				second := s.ask(t, "GET /?"+test.second+"|If-None-Match: "+etag)
				if second.status != test.want {
					t.Errorf("page with %s = %d %q with %s; want %d", etag, second.status, second.body, second.header.Get("Etag"), test.want)
				}
				if got := second.header.Get("Etag"); (got == etag) != (test.want == 304) {
					t.Errorf("ETag = %s, and %s before; want the same for the same page only", got, etag)
				}
			})
		}
	}
}

// requiring has pages wait for their includes, however slow the machine is.
func requiring(p pages) pages {
	required := make(pages, len(p))
	for path, text := range p {
		required[path] = strings.ReplaceAll(text, "<esi:include ", `<esi:include required="required" `)
	}
	return required
}

// TestHEADSaysWhatGETDoes holds for pages that are stored and that are not.
func TestHEADSaysWhatGETDoes(t *testing.T) {
	for _, front := range fronts {
		for _, control := range []string{"max-age=60", "no-cache"} {
			for _, coding := range []string{"", "|Accept-Encoding: gzip"} {
				t.Run(front.name+" "+control+coding, func(t *testing.T) {
					s, _ := front.front(t, composer.Options{}, requiring(pages{
						"/":  esi("Cache-Control: "+control+`|ETag: "t"|Last-Modified: `+ago(time.Hour), `<esi:include src="/a"/>`),
						"/a": document("Cache-Control: "+control+"|Last-Modified: "+ago(time.Minute)+"|Link: </a.js>; rel=preload; as=script", strings.Repeat("text ", 400)),
					}))
					s.ask(t, "GET /")
					get, head := s.ask(t, "GET /"+coding), s.ask(t, "HEAD /"+coding)
					if head.status != 200 || head.body != "" {
						t.Errorf("HEAD = %d %q; want 200 and no body", head.status, head.body)
					}
					for _, name := range []string{"Content-Length", "Content-Type", "Content-Encoding", "Etag", "Last-Modified", "Cache-Control", "Link", "Vary", "Expires"} {
						if got, want := fmt.Sprint(head.header[name]), fmt.Sprint(get.header[name]); got != want {
							t.Errorf("%s of HEAD = %s; want %s as of GET", name, got, want)
						}
					}
					if fmt.Sprint(len(get.body)) != get.header.Get("Content-Length") || get.header.Get("Etag") == "" {
						t.Errorf("GET has %d bytes, and says %v", len(get.body), get.header)
					}
					if again := s.ask(t, "HEAD /"+coding+"|If-None-Match: "+get.header.Get("Etag")); again.status != 304 {
						t.Errorf("HEAD with the ETag = %d; want 304", again.status)
					}
				})
			}
		}
	}
}

// TestTheValidatorsOfATemplateAloneAreNotThoseOfItsPage is that an origin which
// knows but the template cannot say that the page has not changed.
func TestTheValidatorsOfATemplateAloneAreNotThoseOfItsPage(t *testing.T) {
	old := ago(48 * time.Hour)
	for _, front := range fronts {
		for _, control := range []string{"max-age=60", "no-cache", "no-store"} {
			s, _ := front.front(t, composer.Options{}, requiring(pages{
				"/":  esi("Cache-Control: "+control+`|ETag: "t"|Last-Modified: `+old, `<esi:include src="/a"/>`),
				"/a": document("Cache-Control: "+control+"|Last-Modified: "+ago(time.Hour), "a"),
			}))
			for range 2 {
				for _, condition := range []string{`If-None-Match: "t"`, `If-None-Match: W/"t"`, "If-Modified-Since: " + old} {
					if a := s.ask(t, "GET /|"+condition); a.status != 200 || a.body != "a" || a.header.Get("Etag") == `"t"` {
						t.Errorf("%s %s: page with %s = %d %q with %s; want the whole page", front.name, control, condition, a.status, a.body, a.header.Get("Etag"))
					}
				}
			}
		}
	}
}

// TestIfModifiedSinceIsForAllParts holds that the page is as new as its newest
// part.
func TestIfModifiedSinceIsForAllParts(t *testing.T) {
	old, recent := ago(48*time.Hour), ago(time.Hour)
	tests := []struct {
		name, a, since string
		want           int
	}{
		{"since before the newest part", "Last-Modified: " + recent, old, 200},
		{"since the newest part", "Last-Modified: " + recent, recent, 304},
		{"since after it", "Last-Modified: " + recent, ago(0), 304},
		{"of a page with a part that does not say", "X: y", ago(0), 200},
	}
	for _, front := range fronts {
		for _, test := range tests {
			t.Run(front.name+" "+test.name, func(t *testing.T) {
				s, _ := front.front(t, composer.Options{}, requiring(pages{
					"/": esi("Cache-Control: max-age=60|Last-Modified: "+old, `<esi:include src="/a"/>`), "/a": document("Cache-Control: max-age=60|"+test.a, "a"),
				}))
				for range 2 {
					if got := s.ask(t, "GET /|If-Modified-Since: "+test.since).status; got != test.want {
						t.Errorf("status = %d; want %d", got, test.want)
					}
				}
			})
		}
	}
}

// TestATemplateThatIsItsPageKeepsItsValidators is that nothing else is in it.
func TestATemplateThatIsItsPageKeepsItsValidators(t *testing.T) {
	for _, front := range fronts {
		s, _ := front.front(t, composer.Options{}, pages{"/": esi(`Cache-Control: max-age=60, stale-if-error=9|ETag: "t"`, "<p>page</p>")})
		for range 2 {
			a := s.ask(t, "GET /")
			if a.header.Get("Etag") != `"t"` || a.header.Get("Cache-Control") != "max-age=60, stale-if-error=9" || a.header.Get("Content-Length") != "11" {
				t.Errorf("%s: header of a page without ESI = %v; want that of its template", front.name, a.header)
			}
			if got := s.ask(t, `GET /|If-None-Match: "t"`); got.status != http.StatusNotModified {
				t.Errorf("%s: page without ESI and its ETag = %d; want 304", front.name, got.status)
			}
		}
	}
}

// TestAnErrorPageIsNeverNotModified is RFC 9110 §13.2.1.
func TestAnErrorPageIsNeverNotModified(t *testing.T) {
	s, _ := proxied(t, composer.Options{}, requiring(pages{"/": esi(`Status: 404|Cache-Control: max-age=60|ETag: "t"`, `<esi:include src="/a"/>`), "/a": document(`Cache-Control: max-age=60|ETag: "a"`, "a")}))
	etag := s.ask(t, "GET /").header.Get("Etag")
	if a := s.ask(t, "GET /|If-None-Match: "+etag); a.status != 404 || a.body != "a" {
		t.Errorf("error page with its ETag %s = %d %q; want 404", etag, a.status, a.body)
	}
}

func TestARangeOfAPageIsAllOfIt(t *testing.T) {
	for _, front := range fronts {
		for _, control := range []string{"max-age=60", "no-store"} {
			s, _ := front.front(t, composer.Options{}, requiring(pages{
				"/": esi("Cache-Control: "+control+`|ETag: "t"|Accept-Ranges: bytes`, `0123456789<esi:include src="/a"/>`), "/a": document("Cache-Control: "+control, "a")}))
			for range 2 {
				for _, request := range []string{"GET /|Range: bytes=2-3", `GET /|Range: bytes=2-3|If-Range: "t"`, "GET /|Range: bytes=100-"} {
					if a := s.ask(t, request); a.status != 200 || a.body != "0123456789a" || a.header.Get("Accept-Ranges") != "" {
						t.Errorf("%s: %s = %d %q, Accept-Ranges %q; want the whole page", front.name, request, a.status, a.body, a.header.Get("Accept-Ranges"))
					}
				}
			}
		}
	}
}

// TestAPageIsWholeHoweverItsTemplateIsHad is that of a proxy that stores
// nothing, of a visitor who wants nothing stored, and of a form's answer.
func TestAPageIsWholeHoweverItsTemplateIsHad(t *testing.T) {
	tests := []struct {
		name, request string
		size          int // of the cache
	}{
		{"from the store", "GET /", 0},
		{"where nothing is stored", "GET /", -1},
		{"for who wants nothing stored", "GET /|Cache-Control: no-store", 0},
		{"as the answer to a form", "POST /", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, _ := proxied(t, composer.Options{CacheSize: test.size, ObeyRequestCacheControl: true}, requiring(pages{
				"/": esi(`Cache-Control: max-age=60|ETag: "t"|X-Own: 1`, `<esi:include src="/a"/>`), "/a": document("", strings.Repeat("a", 2000))}))
			a := s.ask(t, test.request+"|Accept-Encoding: gzip")
			for name, want := range map[string]string{"Content-Type": "text/html; charset=utf-8", "Content-Encoding": "gzip", "X-Own": "1", "Vary": "Accept-Encoding"} {
				if got := a.header.Get(name); got != want {
					t.Errorf("%s = %q; want %q", name, got, want)
				}
			}
			if etag := a.header.Get("Etag"); strings.HasPrefix(test.request, "GET") {
				if again := s.ask(t, test.request+"|Accept-Encoding: gzip|If-None-Match: "+etag); again.status != 304 {
					t.Errorf("page with its ETag %s = %d; want 304", etag, again.status)
				}
			}
		})
	}
}
