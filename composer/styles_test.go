package composer_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"selvedge/composer"
)

// styled is a piece that announces stylesheets.
func styled(html string, paths ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, path := range paths {
			w.Header().Add("Link", "<"+path+">; rel=preload; as=style")
		}
		piece(html)(w, r)
	}
}

func link(path string) string { return `<link rel="stylesheet" href="` + path + `">` }

// gated is a fragment that answers once for each value sent to gate.
func gated(gate <-chan struct{}, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		<-gate
		h(w, r)
	}
}

// getByHead returns the page, whose n gated fragments answer only after its
// first bytes, up to end, have arrived.
func (s *site) getByHead(t *testing.T, end string, gate chan<- struct{}, n int) string {
	t.Helper()
	res, err := s.server.Client().Do(s.request(t, http.MethodGet, "/", nil))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var head []byte
	for one := make([]byte, 1); !strings.HasSuffix(string(head), end); head = append(head, one...) {
		if _, err := io.ReadFull(res.Body, one); err != nil {
			t.Fatal(err)
		}
	}
	for range n {
		gate <- struct{}{}
	}
	rest, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(head) + string(rest)
}

func TestStylesOfAPage(t *testing.T) {
	const head = `<head><esi:vars>$(SELVEDGE_STYLES)</esi:vars></head>`
	page := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", "</page.css>; rel=stylesheet")
		template(head+`<esi:include src="/fragments/a/x"/><esi:include src="/fragments/b@^1/x"/><esi:include src="/fragments/a/y"/>`)(w, r)
	}
	gate := make(chan struct{})
	s := newSite(t, composer.Options{MaxWait: 10 * time.Second}, fragments{
		"page": page,
		"a":    gated(gate, styled("[a]", "/a.css", "/shared.css")),
		"b":    gated(gate, template(`[b<esi:include src="/fragments/c/x"/>]`)),
		"c":    styled("[c]", "/c.css?v=1&w=2", "/shared.css"),
	}, nil)
	// The head cannot know what no fragment has said yet.
	first := "<head>" + link("/page.css") + "</head>" + link("/a.css") + link("/shared.css") + "[a][b" + link("/c.css?v=1&amp;w=2") + "[c]][a]"
	if got := s.getByHead(t, "</head>", gate, 3); got != first {
		t.Errorf("first page = %s\nwant %s", got, first)
	}
	// What stands in a nested template is found only when it answers.
	next := "<head>" + link("/page.css") + link("/a.css") + link("/shared.css") + "</head>[a][b" + link("/c.css?v=1&amp;w=2") + "[c]][a]"
	if got := s.getByHead(t, "</head>", gate, 3); got != next {
		t.Errorf("next page = %s\nwant %s", got, next)
	}
}

func TestStylesAreThoseOfWhatIsShown(t *testing.T) {
	const head = `<esi:vars>$(SELVEDGE_STYLES)</esi:vars>`
	bad := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", "</bad.css>; rel=stylesheet")
		w.WriteHeader(500)
	}
	tests := []struct{ name, page, want string }{
		{"alt's, if it stands in", head + `<esi:include src="/fragments/bad/x" alt="/fragments/a/x"/>`, link("/a.css") + "[a]"},
		{"none, if content does", head + `<esi:include src="/fragments/bad/x">-</esi:include>`, "-"},
		{"those of content's includes", head + `<esi:include src="/fragments/bad/x"><esi:include src="/fragments/a/x"/></esi:include>`, link("/a.css") + "[a]"},
		{"none, if the page has no place for them", `<esi:include src="/fragments/a/x"/>`, "[a]"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newSite(t, composer.Options{}, fragments{"page": template(test.page), "a": styled("[a]", "/a.css"), "bad": bad}, nil)
			if got := s.get(t, "/").body; got != test.want {
				t.Errorf("page = %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestStylesOfANewVersionAreShownAtOnce(t *testing.T) {
	gate := make(chan struct{})
	var version atomic.Int32
	a := func(w http.ResponseWriter, r *http.Request) {
		styled("[a]", []string{"/a1.css", "/a2.css"}[version.Load()])(w, r)
	}
	s := newSite(t, composer.Options{MaxWait: 10 * time.Second}, fragments{
		"page": template(`<esi:vars>$(SELVEDGE_STYLES)</esi:vars>|<esi:include src="/fragments/a/x"/>`), "a": gated(gate, a),
	}, nil)
	s.getByHead(t, "|", gate, 1)
	version.Store(1)
	for _, want := range []string{link("/a1.css") + "|" + link("/a2.css") + "[a]", link("/a2.css") + "|[a]"} {
		if got := s.getByHead(t, "|", gate, 1); got != want {
			t.Errorf("page = %s; want %s", got, want)
		}
	}
}

func TestAFragmentCannotAnnounceWithoutEnd(t *testing.T) {
	var paths []string
	for i := range 100 {
		paths = append(paths, "/"+strings.Repeat("a", i+1))
	}
	s := newSite(t, composer.Options{}, fragments{
		"page": template(`<esi:vars>$(SELVEDGE_STYLES)</esi:vars><esi:include src="/fragments/a/x"/>`), "a": styled("", paths...),
	}, nil)
	if n := strings.Count(s.get(t, "/").body, "<link"); n != 16 {
		t.Errorf("page has %d stylesheets; want 16", n)
	}
}

func TestAssetsComeFromTheProcessThatAnnouncedThem(t *testing.T) {
	cart := func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/static/") {
			w.Header().Set("Content-Type", "text/css")
			_, _ = io.WriteString(w, "/* "+r.RequestURI+" */")
			return
		}
		styled("[cart]", "/static/cart.css?v=1", "/static/a%20b.css")(w, r)
	}
	ours := styled("[ours]", "/static/ours.css")
	c := newComposer(t, composer.Options{}, fragments{"ours": ours}, map[string]composer.Source{"cart": {URL: remote(t, cart)}})
	get := func(h http.Handler, target string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, request(t, "GET", target))
		return w
	}
	assets := c.Assets(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "next") }))
	if got := get(assets, "/static/cart.css?v=1").Body.String(); got != "next" {
		t.Errorf("before it was announced: %q; want it left to next", got)
	}
	get(c.Fragment(), "/fragments/cart/x")
	get(c.Fragment(), "/fragments/ours/x")
	tests := []struct{ target, want string }{
		{"/static/cart.css?v=1", "/* /static/cart.css?v=1 */"},
		{"/static/a%20b.css", "/* /static/a%20b.css */"},
		{"/static/cart.css?v=2", "next"},
		{"/static/ours.css", "next"},
		{"/static/other.css", "next"},
	}
	for _, test := range tests {
		if got := get(assets, test.target).Body.String(); got != test.want {
			t.Errorf("%s = %q; want %q", test.target, got, test.want)
		}
	}
}
