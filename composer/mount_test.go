package composer_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"selvedge/composer"
)

// mount mounts a handler for the templates of a composer.
func mount(t *testing.T, c *composer.Composer, prefix string, h http.HandlerFunc) {
	t.Helper()
	if err := composer.Registered(c).Mount(prefix, h); err != nil {
		t.Fatal(err)
	}
}

// showing answers with the target of the request.
func showing(w http.ResponseWriter, r *http.Request) { _, _ = fmt.Fprintf(w, "(%s)", r.RequestURI) }

func TestAMountAnswersIncludesOfAllTemplates(t *testing.T) {
	const slot = `<esi:include src="/-/slots/extras?a=1&b=c d"/>`
	for _, front := range sides {
		t.Run("of a page "+front.name, func(t *testing.T) {
			s := front.open(t, composer.Options{}, fragments{
				"page": template(slot + `<esi:include src="/fragments/part/x"/>`), "part": template("part" + slot),
			})
			mount(t, s.Composer, "/-/slots/", showing)
			if got, want := s.get(t, "/").body, "(/extras?a=1&b=c%20d)part(/extras?a=1&b=c%20d)"; got != want {
				t.Errorf("the page is %q; want %q", got, want)
			}
		})
	}
}

func TestTheTemplateOfAMount(t *testing.T) {
	c := newComposer(t, composer.Options{}, fragments{
		"page":  template(`<esi:include src="/-/slots/extras"/>`),
		"part":  func(w http.ResponseWriter, r *http.Request) { _, _ = fmt.Fprint(w, r.URL.RawQuery) },
		"error": template(`<h1><esi:include src="/-/title"/></h1><esi:include src="/-/slots/extras"/><esi:include src="/-/answer"/><esi:include src="/-/none">none</esi:include>`),
	}, nil)
	mount(t, c, "/-/slots/", template(`<esi:include src="/fragments/part/x?$(QUERY_STRING)"/><esi:include src="/-/slots/inner/y"/>`))
	mount(t, c, "/-/slots/inner/", showing)
	mount(t, c, "/-/pages/", template(`<esi:include src="/-/slots/extras"/>!`))
	get := func(serve func(w http.ResponseWriter, r *http.Request) error) string {
		w := newRecording()
		if err := serve(w, request(t, http.MethodGet, "/about?q=1")); err != nil {
			t.Error(err)
		}
		return w.body.String()
	}
	tests := []struct {
		name  string
		serve func(w http.ResponseWriter, r *http.Request) error
		want  string
	}{
		{"in a page", func(w http.ResponseWriter, r *http.Request) error { c.Page("page").ServeHTTP(w, r); return nil }, "q=1(/y)"},
		{"as a page", func(w http.ResponseWriter, r *http.Request) error { return c.ServePage(w, r, "/-/pages/about.html") }, "q=1(/y)!"},
		{"in a frame", func(w http.ResponseWriter, r *http.Request) error {
			return c.Frame(w, r, "/fragments/error/x", composer.Answer{Status: 404, Title: "Sorry", Body: []byte("gone")})
		}, "<h1>Sorry</h1>q=1(/y)gonenone"},
		{"as a frame", func(w http.ResponseWriter, r *http.Request) error {
			return c.Frame(w, r, "/-/pages/error.html", composer.Answer{Status: 404})
		}, "q=1(/y)!"},
	}
	for _, test := range tests {
		if got := get(test.serve); got != test.want {
			t.Errorf("%s it is %q; want %q", test.name, got, test.want)
		}
	}
}

func TestAResponseOfAMountIsStoredUntilAnotherMount(t *testing.T) {
	asked := 0
	counting := func(text string) http.HandlerFunc {
		return with("Cache-Control: max-age=60", func(w http.ResponseWriter, _ *http.Request) {
			asked++
			_, _ = fmt.Fprint(w, text)
		})
	}
	s := newSite(t, composer.Options{}, fragments{"page": with("Cache-Control: max-age=60", template(`<esi:include src="/-/slots/a"/>`))}, nil)
	for i, text := range []string{"one", "two"} {
		mount(t, s.Composer, "/-/slots/", counting(text))
		for range 3 {
			if got := s.get(t, "/").body; got != text || asked != i+1 {
				t.Errorf("the page is %q after %d requests; want %q after %d", got, asked, text, i+1)
			}
		}
	}
	if n, err := s.Purge(composer.Purge{URLs: []string{"/-/slots/a"}}); err != nil || n == 0 {
		t.Errorf("Purge = %d, %v; want the response of the mount dropped", n, err)
	}
	if got := s.get(t, "/").body; got != "two" || asked != 3 {
		t.Errorf("after the purge the page is %q after %d requests; want the third", got, asked)
	}
}

// TestAMountIsNeverPublic asks for a mount in all ways that a visitor has.
func TestAMountIsNeverPublic(t *testing.T) {
	reached := 0
	secret := func(w http.ResponseWriter, _ *http.Request) {
		reached++
		_, _ = fmt.Fprint(w, "secret")
	}
	f := fragments{"page": showing, "api": showing, "following": template(`<esi:include src="/fragments/moved/x" redirect="follow">refused</esi:include>`), "moved": redirecting("/-/slots/x")}
	sites := map[string]*site{"pages": newSite(t, composer.Options{}, f, nil), "a proxy": newProxy(t, composer.Options{}, showing)}
	for name, s := range sites {
		mount(t, s.Composer, "/-/slots/", secret)
		for _, line := range []string{
			"GET /-/slots/x", "HEAD /-/slots/x", "POST /-/slots/x", "POST /api/-/slots/x", "GET /fragments/-/slots/x", "GET /fragments/slots/x",
			"GET /fragments//-/slots/x", "GET /fragments/%2F-%2Fslots/x", "GET /fragments/page/-/slots/x", "GET /fragments/..%2F-/slots/x",
			"GET /api/..%2f..%2f-/slots/x", "POST /fragments/api/-/slots/x", "GET /fragments/following/x", "GET //-/slots/x",
		} {
			if a := s.ask(t, line); strings.Contains(a.body, "secret") {
				t.Errorf("%s: %s is answered %d %q; want no mount", name, line, a.status, a.body)
			}
		}
		for _, reference := range []string{"/-/slots/x", "/fragments/-/slots/x"} {
			if got, err := s.Render(t.Context(), composer.View{Reference: reference}, time.Time{}); err == nil {
				t.Errorf("%s: Render(%s) = %q; want an error", name, reference, got.Body)
			}
		}
	}
	if reached != 0 {
		t.Errorf("the mount was reached %d times; want never", reached)
	}
}

func TestAnAllowedHostReachesNoMount(t *testing.T) {
	other := remote(t, template(`[<esi:include src="/-/slots/x">refused</esi:include>]`))
	o := before(t, composer.Options{AllowHosts: []string{other.Host}}, map[string]http.HandlerFunc{
		"/": template(`<esi:include src="/-/slots/x"/><esi:include src="` + other.String() + `/y"/>`),
	})
	mount(t, o.proxy.Composer, "/-/slots/", showing)
	if got := o.proxy.get(t, "/").body; !strings.HasPrefix(got, "(/x)[") || strings.Count(got, "(/x)") != 1 {
		t.Errorf("the page is %q; want the mount in the template of the origin alone", got)
	}
}

// TestAMountIsNoView has a view in a mount, and a fallback of a mount that fails.
func TestAMountIsNoView(t *testing.T) {
	c := newComposer(t, composer.Options{}, fragments{
		"page": template(`<esi:include src="/-/slots/a"/>` +
			`<esi:include src="/-/slots/fails"><p id="f">later</p></esi:include><esi:vars>[$(SELVEDGE_PAGE)]</esi:vars>`),
		"shared": view(`<div id="s">s</div>`, "public", "x"),
	}, nil)
	mount(t, c, "/-/slots/", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/fails" {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		set(w, `Cache-Groups: "y"`)
		template(`<div id="m"><esi:include src="/fragments/shared/a"/></div>`)(w, r)
	})
	got, err := c.ReadToken(present(t, c, alice), tokenOf(t, c))
	if err != nil || len(got.Views) != 1 || got.Views[0].Reference != "/fragments/shared/a" {
		t.Errorf("the views are %+v, %v; want that of the fragment, and no mount", got.Views, err)
	}
}

func TestAnAddressThatNoMountHas(t *testing.T) {
	c := newComposer(t, composer.Options{}, fragments{
		"page": template(`<esi:include src="/-/slots/$(QUERY_STRING{a})/x">refused</esi:include>`),
	}, nil)
	mount(t, c, "/-/slots/", showing)
	for a, want := range map[string]string{"b": "(/b/x)", "..": "refused", "%2e": "refused", "a%2fb": "(/a%2Fb/x)", "": "(//x)"} {
		w := newRecording()
		c.Page("page").ServeHTTP(w, request(t, http.MethodGet, "/?a="+a))
		if got := w.body.String(); got != want {
			t.Errorf("with %q the include is %q; want %q", a, got, want)
		}
	}
}

func TestMountRefuses(t *testing.T) {
	r := composer.NewRegistry()
	for _, prefix := range []string{"", "/", "/-/", "/-//", "slots/", "/slots/", "/-/slots", "-/slots/", "/-/../", "/-/a/../b/", "/-/a b/", "/-/a%2fb/", "/-/a?b/", "/-/a//b/", "/fragments/a/"} {
		if err := r.Mount(prefix, http.NotFoundHandler()); err == nil {
			t.Errorf("Mount(%q) returned no error", prefix)
		}
	}
	if err := r.Mount("/-/slots/", nil); err == nil {
		t.Error("Mount of no handler returned no error")
	}
}
