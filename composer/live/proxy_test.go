package live_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/coder/websocket"

	"selvedge/composer"
	"selvedge/composer/live"
	"selvedge/hub"
)

// plain is a document that does not opt in to ESI.
const plain = `<body><esi:vars>$(SELVEDGE_LIVE)</esi:vars></body>`

// forum is an origin with sessions of its own, and the service of its comments.
type forum struct {
	comments atomic.Int32
	served   atomic.Int32 // pages
}

func (f *forum) origin(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		f.comments.Add(1)
		w.Header().Set("Cache-Group-Invalidation", `"comments"`)
		w.Header().Set("Location", "/post")
		w.WriteHeader(http.StatusSeeOther)
		return
	}
	f.served.Add(1)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=600")
	if r.URL.Path == "/plain" {
		_, _ = io.WriteString(w, plain)
		return
	}
	w.Header().Set("Surrogate-Control", `content="ESI/1.0"`)
	mark := ""
	if r.URL.Path == "/marked" {
		mark = `<esi:vars>$(SELVEDGE_LIVE)</esi:vars>`
	}
	_, _ = fmt.Fprintf(w, `<body><esi:include src="/fragments/comments/all"/>%s</body>`, mark)
}

func (f *forum) fragment(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "private, max-age=600")
	w.Header().Set("Cache-Groups", `"comments"`)
	name := "nobody"
	if c, err := r.Cookie("user"); err == nil {
		name = c.Value
	}
	_, _ = fmt.Fprintf(w, `<p id="comments" data-revision="%d">%d comments for %s</p>`, f.comments.Load(), f.comments.Load(), name)
}

// serve serves the forum through a proxy with a hub.
func (f *forum) serve(t *testing.T, auto bool) *httptest.Server {
	t.Helper()
	origin := httptest.NewServer(http.HandlerFunc(f.origin))
	t.Cleanup(origin.Close)
	at, err := url.Parse(origin.URL)
	if err != nil {
		t.Fatal(err)
	}
	registry := composer.NewRegistry()
	if err := registry.Add("comments", "1.0.0", composer.Source{Handler: http.HandlerFunc(f.fragment)}); err != nil {
		t.Fatal(err)
	}
	site, err := live.New(registry, composer.Options{
		Origin: at, Cookies: []string{"user"}, AutoLive: auto, LiveElement: `<div id="live" ws-connect="/-/live?page=$(SELVEDGE_PAGE)"></div>`,
	}, hub.Options{})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /-/live", site.Live())
	mux.Handle("/", site.Composer().Proxy())
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		_ = site.Close(t.Context())
		server.Close()
	})
	server.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return server
}

// open loads a page with the cookie user, and returns the document and the header.
func open(t *testing.T, server *httptest.Server, path, user string) (*goquery.Document, http.Header) {
	t.Helper()
	res := send(t, server, http.MethodGet, path, user)
	document, err := goquery.NewDocumentFromReader(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return document, res.Header
}

func send(t *testing.T, server *httptest.Server, method, path, user string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if user != "" {
		r.Header.Set("Cookie", "session=of-the-origin; user="+user)
	}
	res, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

// connect opens the live connection of a page.
func connect(t *testing.T, server *httptest.Server, page *goquery.Document, user string) *websocket.Conn {
	t.Helper()
	address, _ := page.Find("#live").Attr("ws-connect")
	h := http.Header{"Origin": {server.URL}}
	if user != "" {
		h.Set("Cookie", "session=of-the-origin; user="+user)
	}
	c, _, err := websocket.Dial(t.Context(), server.URL+address, &websocket.DialOptions{HTTPHeader: h}) //nolint:bodyclose // of the connection
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	t.Cleanup(func() { _ = c.CloseNow() })
	return c
}

// TestAPageOfAnOriginIsLive has two visitors of an origin, without a session of the site.
func TestAPageOfAnOriginIsLive(t *testing.T) {
	for _, path := range []string{"/auto", "/marked"} {
		for _, users := range [][2]string{{"ada", "ben"}, {"", ""}} {
			t.Run(fmt.Sprint(path, users), func(t *testing.T) {
				f := new(forum)
				server := f.serve(t, path == "/auto")
				var connections []*websocket.Conn
				for _, user := range users {
					page, h := open(t, server, path, user)
					if page.Find("#live").Length() != 1 || !strings.Contains(h.Get("Cache-Control"), "private") || len(h["Set-Cookie"]) > 0 {
						t.Errorf("the page has %d live elements, Cache-Control %q and the cookies %q; want 1, private and none", page.Find("#live").Length(), h.Get("Cache-Control"), h["Set-Cookie"])
					}
					connections = append(connections, connect(t, server, page, user))
				}
				if n := f.served.Load(); n != 1 {
					t.Errorf("the origin served the template %d times; want 1, because it is shared", n)
				}
				if res := send(t, server, http.MethodPost, path, ""); res.StatusCode != http.StatusSeeOther {
					t.Errorf("the form is answered with %d; want the origin's 303", res.StatusCode)
				}
				for i, c := range connections {
					name := users[i]
					if name == "" {
						name = "nobody"
					}
					_, message, err := c.Read(t.Context())
					if want := "1 comments for " + name; err != nil || !strings.Contains(string(message), want) || !strings.Contains(string(message), `id="comments"`) {
						t.Errorf("visitor %q receives %q, %v; want the fragment with %q", users[i], message, err, want)
					}
				}
			})
		}
	}
}

func TestADocumentThatIsNoTemplateStaysAsItIs(t *testing.T) {
	server := new(forum).serve(t, true)
	for range 2 { // from the origin, and from the store
		res := send(t, server, http.MethodGet, "/plain", "")
		body, err := io.ReadAll(res.Body)
		if control := res.Header.Get("Cache-Control"); err != nil || string(body) != plain || control != "public, max-age=600" {
			t.Errorf("the document is %q, %v with Cache-Control %q; want that of the origin", body, err, control)
		}
	}
}
