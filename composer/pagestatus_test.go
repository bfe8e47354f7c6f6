package composer_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"selvedge/composer"
)

// saysError answers as a site that shows what a fragment says for the person at
// the browser.
func saysError(w http.ResponseWriter, _ *http.Request, err error) {
	var refused *composer.RefusedError
	w.WriteHeader(composer.StatusOf(err))
	if errors.As(err, &refused) && refused.Body != nil {
		_, _ = w.Write(refused.Body)
		return
	}
	_, _ = w.Write([]byte("the site's error page"))
}

func TestTheStatusOfAPage(t *testing.T) {
	const (
		siteError = "the site's error page"
		itself    = `<p>page</p><esi:include src="/part" primary="primary" required="required">fallback</esi:include>`
		primary   = `<p>secret</p><esi:include src="/part" primary="primary"/>`
		fallback  = `<p>page</p><esi:include src="/part" primary="primary">fallback</esi:include>`
	)
	tests := []struct {
		name     string
		page     string
		part     string
		status   int
		body     string
		location string
		proxy    bool // a page of fragments answers otherwise
	}{
		{name: "it is the template's", page: esi("Status: 203", `a<esi:include src="/part"/>`), part: document("", "b"), status: 203, body: "ab"},
		{name: "it is not that of a fragment", page: esi("", `a<esi:include src="/part"/>`), part: document("Status: 203", "b"), status: 200, body: "ab"},
		{name: "it is that of the primary fragment", page: esi("", `a<esi:include src="/part" primary="primary"/>`), part: document("Status: 203", "b"), status: 203, body: "ab"},
		{name: "a primary redirect leads the page elsewhere", page: esi("", primary), part: document("Status: 302|Location: /login", "secret"), status: 302, location: "/login"},
		{name: "a redirect of another fragment does not", page: esi("", `a<esi:include src="/part">b</esi:include>`), part: document("Status: 302|Location: /login", "secret"), status: 200, body: "ab"},
		{name: "a primary 5xx is the page's", page: esi("", primary), part: document("Status: 503|X-Secret: 1", "secret"), status: 503, body: siteError},
		{name: "a primary 5xx with a fallback is none", page: esi("", fallback), part: document("Status: 503", "secret"), status: 200, body: "<p>page</p>fallback"},
		{name: "but what stands in the place of the page itself is 503", page: esi("", itself), part: document("Status: 500", "secret"), status: 503, body: "<p>page</p>fallback"},
		{name: "nothing, too", page: esi("", `a<esi:include src="/part" primary="primary" required="required" onerror="continue"/>`), part: document("Status: 500", "secret"), status: 503, body: "a"},
		{name: "unless the template has another status", page: esi("Status: 203", itself), part: document("Status: 500", "secret"), status: 203, body: "<p>page</p>fallback"},
		{name: "and the page itself is there with 200", page: esi("", itself), part: document("", "b"), status: 200, body: "<p>page</p>b"},
		{name: "or where it leads", page: esi("", itself), part: document("Status: 302|Location: /login", "secret"), status: 302, location: "/login"},
		{name: "or 404", page: esi("", itself), part: document("Status: 404", "secret"), status: 404, body: siteError},
		{name: "a primary 404 is the page's, with the site's error page", page: esi("", primary), part: document("Status: 404", "secret"), status: 404, body: siteError},
		{name: "whatever stands in its place", page: esi("", fallback), part: document("Status: 404", "secret"), status: 404, body: siteError},
		{name: "a primary 404 for a person keeps its body", page: esi("", primary), part: document("Status: 404|Selvedge-Error: show", "words"), status: 404, body: "words"},
		{name: "but only if it is HTML", page: esi("", primary), part: "Status: 404|Selvedge-Error: show|Content-Type: text/plain\nsecret", status: 404, body: siteError},
		{name: "and in the charset of the site's pages", page: esi("", primary), part: "Status: 404|Selvedge-Error: show|Content-Type: text/html; charset=iso-8859-1\ncaf\xe9", status: 404, body: "café"},
		{name: "a 404 of another fragment is a failure of the page", page: esi("", `<esi:include src="/part"/>a`), part: document("Status: 404", "secret"), status: 502, body: siteError},
		{name: "an error page is completed, too", page: esi("Status: 404", `a<esi:include src="/part"/>`), part: document("", "b"), status: 404, body: "ab", proxy: true},
		{name: "a failure is", page: esi("Status: 500", `a<esi:include src="/part"/>`), part: document("", "b"), status: 500, body: "ab", proxy: true},
		{name: "and no primary fragment makes a success of it", page: esi("Status: 500", `a<esi:include src="/part" primary="primary"/>`), part: document("", "b"), status: 500, body: "ab", proxy: true},
		{name: "204 has nothing to complete", page: esi("Status: 204", ""), status: 204},
		{name: "a redirect is a page", page: esi("Status: 301|Location: /other", `a<esi:include src="/part"/>`), part: document("", "b"), status: 301, body: "ab", location: "/other"},
	}
	for _, front := range fronts {
		for _, test := range tests {
			if test.proxy && front.name != "proxy" {
				continue
			}
			t.Run(front.name+" "+test.name, func(t *testing.T) {
				s, _ := front.front(t, composer.Options{Error: saysError}, pages{"/": test.page, "/part": test.part})
				for _, request := range []string{"GET /", "GET /", "HEAD /"} {
					a := s.ask(t, request)
					want := test.body
					if request == "HEAD /" {
						want = ""
					}
					if a.status != test.status || a.body != want || a.header.Get("Location") != test.location {
						t.Errorf("%s = %d %q to %q; want %d %q to %q", request, a.status, a.body, a.header.Get("Location"), test.status, want, test.location)
					}
					if a.header.Get("X-Secret") != "" || a.header.Get("Surrogate-Control") != "" || a.header.Get("Selvedge-Error") != "" {
						t.Errorf("header of %s = %v; want nothing of the fragment's", request, a.header)
					}
				}
			})
		}
	}
}

// TestAPartOfATemplateIsNeverCompleted has an origin that takes ranges and
// conditions.
func TestAPartOfATemplateIsNeverCompleted(t *testing.T) {
	for _, control := range []string{"max-age=60", "no-cache", "no-store", "private"} {
		t.Run(control, func(t *testing.T) {
			s := newProxy(t, composer.Options{}, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/part" {
					_, _ = w.Write([]byte("part"))
					return
				}
				set(w, `Surrogate-Control: content="ESI/1.0"`, "Content-Type: text/html", "Cache-Control: "+control, `ETag: "t"`)
				switch {
				case r.Header.Get("If-None-Match") == `"t"`:
					w.WriteHeader(http.StatusNotModified)
				case r.Header.Get("Range") != "":
					w.Header().Set("Content-Range", "bytes 0-9/30")
					w.WriteHeader(http.StatusPartialContent)
					_, _ = w.Write([]byte("0123456789"))
				default:
					_, _ = w.Write([]byte(`0123456789<esi:include src="/part"/>`))
				}
			})
			for _, request := range []string{"GET /", "GET /|Range: bytes=0-9", `GET /|Range: bytes=0-9|If-Range: "t"`, `GET /|If-None-Match: "t"`} {
				a := s.ask(t, request)
				if a.status != http.StatusOK || a.body != "0123456789part" || a.header.Get("Content-Range") != "" || a.header.Get("Accept-Ranges") != "" {
					t.Errorf("%s = %d %q, header %v; want the whole page", request, a.status, a.body, a.header)
				}
			}
		})
	}
}

// TestAPrimaryFailureLeavesNothingOfItsPage has a page that has set fields and
// waits for another fragment, too.
func TestAPrimaryFailureLeavesNothingOfItsPage(t *testing.T) {
	for _, front := range fronts {
		t.Run(front.name, func(t *testing.T) {
			s, _ := front.front(t, composer.Options{SetCookies: []string{"*"}}, pages{
				"/":      esi("X-Template: 1|Set-Cookie: a=b", strings.Repeat("secret", 100)+`<esi:include src="/other"/><esi:include src="/part" primary="primary"/>`),
				"/other": document("Set-Cookie: c=d|Link: </secret.css>; rel=stylesheet", "secret"),
				"/part":  document("Status: 500|Set-Cookie: e=f", "secret"),
			})
			a := s.ask(t, "GET /")
			if a.status != 500 || a.body != "Internal Server Error\n" {
				t.Errorf("page = %d %q; want 500 and no more", a.status, a.body)
			}
			for _, name := range []string{"X-Template", "Set-Cookie", "Link", "Etag", "Server-Timing"} {
				if a.header.Get(name) != "" {
					t.Errorf("%s = %q; want nothing of the page", name, a.header[name])
				}
			}
		})
	}
}

// TestAPageWithoutItsMainPartIsNotKept has the page itself fail, and be there again.
func TestAPageWithoutItsMainPartIsNotKept(t *testing.T) {
	for _, front := range fronts {
		t.Run(front.name, func(t *testing.T) {
			s, behind := front.front(t, composer.Options{}, pages{
				"/":     esi("Cache-Control: max-age=60|ETag: \"t\"", `<esi:include src="/part" primary="primary" required="required">fallback</esi:include>`),
				"/part": document("Status: 503", "secret"),
			})
			for range 2 {
				a := s.ask(t, "GET /")
				if got := []string{a.header.Get("Cache-Control"), a.header.Get("Retry-After"), a.body}; a.status != 503 || !slices.Equal(got, []string{"no-store", "5", "fallback"}) {
					t.Errorf("the page = %d %q; want 503 with no-store, Retry-After 5, and the fallback", a.status, got)
				}
			}
			behind.change(pages{"/part": document("", "part")})
			if a := s.ask(t, "GET /"); a.status != 200 || a.body != "part" || a.header.Get("Retry-After") != "" {
				t.Errorf("the page afterwards = %d %q, Retry-After %q; want 200", a.status, a.body, a.header.Get("Retry-After"))
			}
		})
	}
}
