package composer_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"selvedge/composer"
)

// fragments are the handlers of a test's fragments by name.
type fragments map[string]http.HandlerFunc

// site is a composer behind a real server: pages are those of the fragment
// page, /api/ is that of the fragment api.
type site struct {
	*composer.Composer
	server *httptest.Server
}

// kinds are the ways to serve a fragment. What holds for one holds for the
// other.
var kinds = []struct {
	name   string
	source func(*testing.T, http.HandlerFunc) composer.Source
}{
	{"in this process", func(_ *testing.T, h http.HandlerFunc) composer.Source {
		return composer.Source{Handler: h}
	}},
	{"in another process", func(t *testing.T, h http.HandlerFunc) composer.Source {
		return composer.Source{URL: remote(t, h)}
	}},
}

// remote serves a fragment over a real connection.
func remote(t testing.TB, h http.HandlerFunc) *url.URL {
	server := httptest.NewUnstartedServer(h)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	server.Start()
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// newComposer returns a composer of fragments that are all in this process,
// except for those that sources name.
func newComposer(t testing.TB, o composer.Options, f fragments, sources map[string]composer.Source) *composer.Composer {
	registry := composer.NewRegistry()
	all := make(map[string]composer.Source)
	for name, h := range f {
		all[name] = composer.Source{Handler: h}
	}
	for name, source := range sources {
		all[name] = source
	}
	for name, source := range all {
		if err := registry.Add(name, "1.0.0", source); err != nil {
			t.Fatal(err)
		}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.ClientAddress == nil { // all requests of httptest are of one client
		o.ClientAddress = func(*http.Request) netip.Addr { return netip.Addr{} }
	}
	c, err := composer.New(registry, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func newSite(t testing.TB, o composer.Options, f fragments, sources map[string]composer.Source) *site {
	c := newComposer(t, o, f, sources)
	mux := http.NewServeMux()
	mux.Handle("/", c.Page("page"))
	mux.Handle("/api/", c.Forward("api"))
	mux.Handle("/static/", c.Assets(http.NotFoundHandler()))
	mux.Handle(composer.Prefix, c.Fragment())
	server := httptest.NewUnstartedServer(mux)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	server.Start()
	t.Cleanup(server.Close)
	server.Client().Transport.(*http.Transport).DisableCompression = true
	server.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &site{c, server}
}

// answer is what a client got.
type answer struct {
	status int
	header http.Header
	body   string
	err    error // of reading the body
}

func (s *site) do(t *testing.T, r *http.Request) answer {
	t.Helper()
	return ask(t, s.server.Client(), r)
}

// ask sends a request and reads the whole answer.
func ask(t *testing.T, client *http.Client, r *http.Request) answer {
	t.Helper()
	res, err := client.Do(r)
	if err != nil {
		t.Error(err)
		return answer{err: err}
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, res.Header, string(body), err}
}

func (s *site) request(t *testing.T, method, target string, body io.Reader) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.server.URL+target, body)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (s *site) get(t *testing.T, target string) answer {
	t.Helper()
	return s.do(t, s.request(t, http.MethodGet, target, nil))
}

// request is what a composer is given that stands behind no server.
func request(t *testing.T, method, target string) *http.Request {
	return httptest.NewRequestWithContext(t.Context(), method, target, http.NoBody)
}

// template answers with a page that contains ESI.
func template(page string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Surrogate-Control", `content="ESI/1.0"`)
		_, _ = io.WriteString(w, page)
	}
}

// includes is ESI that asks for n different answers.
func includes(n int, reference string) string {
	var b strings.Builder
	for i := range n {
		_, _ = fmt.Fprintf(&b, `<esi:include src="%s?%d"/>`, reference, i)
	}
	return b.String()
}

// piece answers with HTML that contains none.
func piece(html string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, html)
	}
}

func status(code int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
	}
}

// shown answers with an error that is written for a person.
func shown(code int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Selvedge-Error", "show")
		status(code, body)(w, r)
	}
}

func sourceAt(t testing.TB, address string) composer.Source {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return composer.Source{URL: u}
}
