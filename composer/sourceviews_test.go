package composer_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer"
)

// personal answers with an element that has the cookies of its request, and says that it is
// for one visitor.
func personal(w http.ResponseWriter, r *http.Request) {
	set(w, `Cache-Groups: "x"`, "Cache-Control: private", "Content-Type: text/html")
	_, _ = fmt.Fprintf(w, `<p id="p">%s</p>`, r.Header.Get("Cookie"))
}

// around answers with an element around others. It tells its own cookies too.
func around(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		set(w, `Cache-Groups: "x"`)
		template(`<div id="o">`+r.Header.Get("Cookie")+body+`</div>`)(w, r)
	}
}

// cookieSources is a page with views of sources that receive other cookies.
func cookieSources(t *testing.T) *composer.Composer {
	own := composer.Source{Handler: http.HandlerFunc(personal), Cookies: []string{"user"}}
	return newComposer(t, composer.Options{}, fragments{
		"page": template(`<esi:include src="/fragments/own/a"/><esi:include src="/fragments/shared/a"/><esi:include src="/fragments/outer/a"/>` +
			`<esi:include src="/fragments/narrow/a"/><esi:vars>[$(SELVEDGE_PAGE)]</esi:vars>`),
		"shared": personal,
		"outer":  around(`<esi:include src="/fragments/own/a"/>`),
	}, map[string]composer.Source{
		"own":    own,
		"narrow": {Handler: around(`<esi:include src="/fragments/shared/a"/><esi:include src="/fragments/own/b"/>`), Cookies: []string{"lang"}},
	})
}

// visitorOf returns a request of Alice to the live connection.
func visitorOf(t *testing.T, c *composer.Composer) *http.Request {
	r := present(t, c, alice)
	r.Header.Set("Cookie", "lang=de; user=ann; track=1")
	return r
}

// variantsOf returns the variants of a token by reference.
func variantsOf(t *testing.T, c *composer.Composer, token string) map[string]string {
	t.Helper()
	got, err := c.ReadToken(visitorOf(t, c), token)
	if err != nil {
		t.Fatal(err)
	}
	variants := make(map[string]string)
	for _, view := range got.Views {
		variants[view.Reference] = view.Variant
	}
	return variants
}

const (
	ofUser    = "Cookie: user=ann\n"
	ofSession = "Cookie: selvedge-session=" + alice + "\n"
)

func TestAVariantHasWhatTheSourcesOfTheViewReceive(t *testing.T) {
	c := cookieSources(t)
	token := tokenOf(t, c)
	want := map[string]string{
		"/fragments/own/a":    ofUser,
		"/fragments/own/b":    ofUser,
		"/fragments/shared/a": ofSession,
		"/fragments/outer/a":  "Selvedge-Within: own\nCookie: user=ann; selvedge-session=" + alice + "\n",
		"/fragments/narrow/a": "Selvedge-Within: - own\nCookie: lang=de; user=ann; selvedge-session=" + alice + "\n",
	}
	if diff := cmp.Diff(want, variantsOf(t, c, token)); diff != "" {
		t.Errorf("variants (-want +got):\n%s", diff)
	}
	read, err := c.ReadToken(visitorOf(t, c), token)
	if err != nil {
		t.Fatal(err)
	}
	renewed, _ := c.RenewToken(alice, read.Views)
	if diff := cmp.Diff(want, variantsOf(t, c, renewed)); diff != "" {
		t.Errorf("variants of the renewed token (-want +got):\n%s", diff)
	}
}

func TestARenderedViewGivesEachSourceItsOwnCookies(t *testing.T) {
	c := cookieSources(t)
	const everything = "Selvedge-Within: - own\nCookie: lang=de; user=ann; track=1; selvedge-session=" + alice + "\n"
	tests := []struct{ reference, want string }{
		{"/fragments/own/a", `<p id="p">user=ann</p>`},
		{"/fragments/shared/a", `<p id="p">selvedge-session=` + alice + `</p>`},
		{"/fragments/narrow/a", `<div id="o">lang=de<p id="p">selvedge-session=` + alice + `</p><p id="p">user=ann</p></div>`},
	}
	for _, test := range tests {
		got, err := c.Render(t.Context(), composer.View{Reference: test.reference, Variant: everything}, time.Time{})
		if err != nil || string(got.Body) != test.want {
			t.Errorf("Render(%s) = %s, %v; want %s", test.reference, got.Body, err, test.want)
		}
		var within []string
		for _, view := range got.Views {
			within = append(within, view.Reference+" "+view.Variant)
		}
		if want := []string{"/fragments/shared/a " + ofSession, "/fragments/own/b " + ofUser}; test.reference == "/fragments/narrow/a" && !slices.Equal(within, want) {
			t.Errorf("the views within are %q; want %q, as a page has them", within, want)
		}
	}
}

// TestAViewKeepsCookiesFromAllowedHosts has a view with includes of a host that receives
// nothing of the visitor.
func TestAViewKeepsCookiesFromAllowedHosts(t *testing.T) {
	other, origin := remote(t, personal), remote(t, piece("origin"))
	c := newComposer(t, composer.Options{Origin: origin, AllowHosts: []string{other.Host}}, fragments{
		"outer":  around(`<esi:include src="` + other.String() + `/x"/><esi:include src="/fragments/shared/x" public="public"/>`),
		"shared": personal,
	}, nil)
	got, err := c.Render(t.Context(), composer.View{Reference: "/fragments/outer/a", Variant: ofSession}, time.Time{})
	want := `<div id="o">selvedge-session=` + alice + `<p id="p"></p><p id="p"></p></div>`
	if err != nil || string(got.Body) != want {
		t.Errorf("Render = %s, %v; want %s", got.Body, err, want)
	}
}
