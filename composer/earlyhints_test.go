package composer_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer"
)

func TestLinksOfAPage(t *testing.T) {
	tests := []struct {
		name       string
		page, a, b string // Link fields
		want       []string
	}{
		{"those of all parts, in their order", "</p.css>; rel=stylesheet", "</a.js>; rel=preload; as=script", "</b.js>; rel=modulepreload", []string{"</p.css>; rel=stylesheet", "</a.js>; rel=preload; as=script", "</b.js>; rel=modulepreload"}},
		{"each once", "</p.css>; rel=stylesheet", "</p.css>;rel=preload;as=style, </a.js>; rel=preload; as=script", `</a.js>; rel="preload"; as="script"`, []string{"</p.css>; rel=stylesheet", "</a.js>; rel=preload; as=script"}},
		{"nothing of a fragment but what is to be loaded", "", "</next>; rel=next, </me>; rel=canonical", `</b.js>; rel=preload; as=script; anchor="/x"`, nil},
		{"no scripts in disguise", "", "<javascript:alert(1)>; rel=preload; as=script", "<data:,x>; rel=icon", nil},
	}
	for _, front := range fronts {
		for _, test := range tests {
			t.Run(front.name+" "+test.name, func(t *testing.T) {
				s, _ := front.front(t, composer.Options{}, requiring(pages{
					"/": esi("Link: "+test.page, `<esi:include src="/a"/><esi:include src="/b"/>`), "/a": document("Link: "+test.a, ""), "/b": document("Link: "+test.b, ""),
				}))
				for range 2 {
					if diff := cmp.Diff(test.want, s.ask(t, "GET /").header["Link"]); diff != "" {
						t.Errorf("Link (-want +got):\n%s", diff)
					}
				}
			})
		}
	}
}

// TestLinksLeadWhereTheirFragmentMeant has paths beside the fragment.
func TestLinksLeadWhereTheirFragmentMeant(t *testing.T) {
	const link = "Link: <a.css>; rel=preload; as=style, </b.js>; rel=preload; as=script"
	other := remote(t, saying(link).ServeHTTP)
	tests := []struct{ name, src, want string }{
		{"at the origin", "/x/y%20z/part?q=/r/", "</x/y%20z/a.css>; rel=preload; as=style </b.js>; rel=preload; as=script"},
		{"in the registry", "/fragments/named/x/part", "</fragments/named/x/a.css>; rel=preload; as=style </b.js>; rel=preload; as=script"},
		{"at another host", other.String() + "/x/part", "<" + other.String() + "/x/a.css>; rel=preload; as=style <" + other.String() + "/b.js>; rel=preload; as=script"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			origin := remote(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/" {
					template(`<esi:include required="required" src="`+test.src+`"/>`)(w, r)
					return
				}
				saying(link).ServeHTTP(w, r)
			})
			c := newComposer(t, composer.Options{Origin: origin, AllowHosts: []string{other.Host, "127.0.0.1/32"}}, fragments{"named": saying(link).ServeHTTP}, nil)
			w := newRecording()
			c.Proxy().ServeHTTP(w, request(t, http.MethodGet, "/"))
			if got := strings.Join(w.Header()["Link"], " "); got != test.want {
				t.Errorf("Link = %s of %q; want %s", got, w.body.String(), test.want)
			}
		})
	}
}

// TestLinksAreFew has fragments that want more than there is room for.
func TestLinksAreFew(t *testing.T) {
	var many strings.Builder
	for i := range 200 {
		_, _ = fmt.Fprintf(&many, "<%s/%d.js>; rel=preload; as=script, ", strings.Repeat("/long", 20), i)
	}
	s, _ := proxied(t, composer.Options{}, requiring(pages{
		"/": esi("", strings.Repeat(`<esi:include src="/a"/><esi:include src="/b"/>`, 3)), "/a": document("Link: "+many.String(), ""), "/b": document("Link: "+strings.ReplaceAll(many.String(), "long", "more"), ""),
	}))
	a := s.ask(t, "GET /")
	if got := len(strings.Join(a.header["Link"], ", ")); got == 0 || got > 4<<10 || a.status != 200 {
		t.Errorf("page = %d with %d bytes of Link; want some, and 4 KiB at most", a.status, got)
	}
}

// slowPage is a site whose page waits for a fragment until somebody has seen
// something of it.
func slowPage(t *testing.T, o composer.Options) (server *httptest.Server, seen chan struct{}) {
	seen = make(chan struct{}, 1)
	origin := remote(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			template(`head<esi:include src="/a"/>`)(w, r)
			return
		}
		<-seen
		w.Header().Set("Link", "</a.css>; rel=stylesheet")
		_, _ = io.WriteString(w, "a")
	})
	o.Origin = origin
	c := newComposer(t, o, nil, nil)
	return httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", "</site.css>; rel=icon") // which is the site's own
		c.Proxy().ServeHTTP(w, r)
	})), seen
}

// TestEarlyHintsAreWhatTheLastRunWanted asks twice: only the second answer can
// have them.
func TestEarlyHintsAreWhatTheLastRunWanted(t *testing.T) {
	hints := []string{"</a.css>; rel=preload; as=style"}
	takes := func(yes bool) func(*http.Request) bool { return func(*http.Request) bool { return yes } }
	tests := []struct {
		name  string
		h2    bool
		takes func(*http.Request) bool
		want  []string
	}{
		{"a browser over HTTP/1.1, or a proxy that passes on what one says", false, nil, nil},
		{"anybody over HTTP/2", true, nil, hints},
		{"who takes them over HTTP/1.1", false, takes(true), hints},
		{"who does not over HTTP/2", true, takes(false), nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server, seen := slowPage(t, composer.Options{EarlyHints: test.takes})
			server.EnableHTTP2 = test.h2
			if test.h2 {
				server.StartTLS()
			} else {
				server.Start()
			}
			t.Cleanup(server.Close)
			for n := range 2 {
				var hints []string
				trace := &httptrace.ClientTrace{Got1xxResponse: func(code int, h textproto.MIMEHeader) error {
					if code == http.StatusEarlyHints {
						hints = append(hints, h["Link"]...)
					}
					return nil
				}}
				r, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), http.MethodGet, server.URL, http.NoBody)
				if err != nil {
					t.Fatal(err)
				}
				r.Header.Set("Sec-Fetch-Mode", "navigate")
				res, err := server.Client().Do(r) // comes back with the head of the page
				if err != nil {
					t.Fatal(err)
				}
				seen <- struct{}{}
				body, _ := io.ReadAll(res.Body)
				_ = res.Body.Close()
				want := test.want
				if n == 0 {
					want = nil
				}
				if !slices.Equal(hints, want) || string(body) != "heada" {
					t.Errorf("run %d: hints %q and the page %q; want %q", n, hints, body, want)
				}
				links := []string{"</site.css>; rel=icon", "</a.css>; rel=preload; as=style"}[:1+min(n, 1)]
				if diff := cmp.Diff(links, res.Header["Link"]); diff != "" {
					t.Errorf("run %d: Link (-want +got):\n%s", n, diff)
				}
			}
		})
	}
}

// TestAPageThatNeedsNotWaitHasNoHints is that they would come with the page.
func TestAPageThatNeedsNotWaitHasNoHints(t *testing.T) {
	o := composer.Options{EarlyHints: func(*http.Request) bool { return true }}
	s, _ := proxied(t, o, pages{"/": esi("Cache-Control: max-age=60|Link: </a.css>; rel=stylesheet", `<esi:include src="/a"/>`), "/a": document("Cache-Control: max-age=60", "a")})
	s.ask(t, "GET /")
	informed := 0
	trace := &httptrace.ClientTrace{Got1xxResponse: func(int, textproto.MIMEHeader) error { informed++; return nil }}
	r := s.request(t, http.MethodGet, "/", nil)
	if a := s.do(t, r.WithContext(httptrace.WithClientTrace(t.Context(), trace))); a.body != "a" || informed > 0 {
		t.Errorf("page = %q after %d informational answers; want none", a.body, informed)
	}
}

func TestServerTimingOfAProxiedPage(t *testing.T) {
	s, _ := proxied(t, composer.Options{}, requiring(pages{
		"/": esi("Cache-Control: max-age=60", `<esi:include src="/a"/><esi:include src="/b" onerror="continue"/>`), "/a": document("Cache-Control: max-age=60|Server-Timing: secret;dur=1", ""), "/b": document("Status: 500", ""),
	}))
	first, second := s.ask(t, "GET /").header.Get("Server-Timing"), s.ask(t, "GET /").header.Get("Server-Timing")
	if !strings.HasPrefix(first, "a;dur=") || !strings.Contains(first, `, b;dur=`) || !strings.HasSuffix(first, `;desc="status 500"`) || strings.Contains(first, "secret") {
		t.Errorf("Server-Timing = %s; want both includes, and that one failed", first)
	}
	if !strings.HasPrefix(second, `hits;desc=1, b;dur=`) {
		t.Errorf("Server-Timing = %s; want that one was stored", second)
	}
}
