package composer_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer"
)

// visit is a request of a visitor with a cookie, a language, a browser and a
// token.
func visit(c *composer.Composer, session string) *composer.Visitor {
	r := httptest.NewRequest(http.MethodGet, "/live.json", nil)
	r.Header = http.Header{
		"Cookie":          {"basket=b-" + session},
		"Accept-Language": {"de"},
		"User-Agent":      {"robot"},
		"Authorization":   {"Bearer " + session},
		"X-Secret":        {"never sent"},
	}
	return c.Visitor(c.WithSession(r, session))
}

func TestAVisitorSharesAViewAsFarAsTheResponseDoesNotVary(t *testing.T) {
	tests := []struct {
		name   string
		header http.Header
		want   string // after Accept
	}{
		{"the same for all", nil, ""},
		{"a language", http.Header{"Vary": {"accept-language"}}, "Accept-Language: de\n"},
		{"cookies", http.Header{"Vary": {"Cookie"}}, "Cookie: basket=b-ada\n"},
		{"private", http.Header{"Cache-Control": {"private"}}, "Cookie: basket=b-ada\n"},
		{"with a cookie of its own", http.Header{"Set-Cookie": {"a=b"}}, "Cookie: basket=b-ada\n"},
		{"a token, and a browser", http.Header{"Vary": {"Authorization, User-Agent"}}, "User-Agent: robot\nAuthorization: Bearer ada\n"},
		{"anything", http.Header{"Vary": {"*"}}, "Cookie: basket=b-ada\nAccept-Language: de\nUser-Agent: robot\nAuthorization: Bearer ada\n"},
		{"a field that it never sees", http.Header{"Vary": {"X-Secret"}}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := newComposer(t, composer.Options{Cookies: []string{"basket"}, Headers: []string{"Authorization"}}, fragments{
				"cart": func(w http.ResponseWriter, r *http.Request) {
					for name, values := range test.header {
						w.Header()[name] = values
					}
					w.Header().Set("Content-Type", "application/json")
					_, _ = fmt.Fprintf(w, "%q", r.Header.Get("Accept")+r.Header.Get("Authorization")+r.Header.Get("X-Secret"))
				},
			}, nil)
			v := visit(c, "ada")
			view, rendered, err := v.View(t.Context(), "/fragments/cart/api", "application/json")
			if err != nil || string(rendered.Body) != `"application/jsonBearer ada"` {
				t.Fatalf("View = %q, %v; want a GET of the visitor", rendered.Body, err)
			}
			want := composer.View{Reference: "/fragments/cart/api", Variant: "Accept: application/json\n" + test.want}
			if diff := cmp.Diff(want, view); diff != "" {
				t.Errorf("view (-want +got):\n%s", diff)
			}
			if v.Session() != "ada" {
				t.Errorf("session %q; want ada", v.Session())
			}
			if _, err := c.Render(t.Context(), view, time.Time{}); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestAVisitorIsRefusedAsByAGet(t *testing.T) {
	c := newComposer(t, composer.Options{}, fragments{
		"cart": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
	}, nil)
	for reference, want := range map[string]int{"/cart": 400, "/fragments/none/": 404, "/fragments/cart/mini": 403} {
		_, _, err := visit(c, "ada").View(t.Context(), reference, "application/json")
		if got := composer.StatusOf(err); got != want {
			t.Errorf("View(%q) has status %d, %v; want %d", reference, got, err, want)
		}
	}
	var refused *composer.RefusedError
	if _, _, err := visit(c, "ada").View(t.Context(), "/fragments/cart/mini", "text/html"); !errors.As(err, &refused) {
		t.Errorf("View of a refusal: %v; want a *RefusedError", err)
	}
}

func TestAVisitorSharesNoViewWithAnotherVisitorsInclude(t *testing.T) {
	c := newComposer(t, composer.Options{}, fragments{
		"page": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Surrogate-Control", `content="ESI/1.0"`)
			w.Header().Set("Content-Type", "text/html")
			_, _ = fmt.Fprint(w, `<main id="m"><esi:include src="/fragments/cart/mini"/></main>`)
		},
		"cart": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Cache-Control", "private")
			w.Header().Set("Content-Type", "text/html")
			_, _ = fmt.Fprint(w, r.Header.Get("Cookie"))
		},
	}, nil)
	view, rendered, err := visit(c, "ada").View(t.Context(), "/fragments/page/", "text/html")
	if want := "Accept: text/html\nCookie: selvedge-session=ada\n"; err != nil || view.Variant != want {
		t.Errorf("View has the variant %q of %s, %v; want %q", view.Variant, rendered.Body, err, want)
	}
}
