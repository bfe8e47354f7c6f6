package fragments_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"

	"selvedge/fragments"
)

// background is a request that a script sends from a page.
func background(t *testing.T, page string) *http.Request {
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/it", nil)
	r.Header.Set("Accept", "text/html")
	r.Header.Set("HX-Request", "true")
	r.Header.Set("HX-Current-URL", page)
	return r
}

func TestSwapSaysHowElementsAreSwapped(t *testing.T) {
	f := answering(t, func(w http.ResponseWriter, r *http.Request) error {
		a := fragments.Answer{Changed: []string{"cart:7f3a"}, CacheControl: "no-store"}
		return fragments.Swap(w, r, a, fragments.Notice(""), templ.Raw(`<a id="mini" data-revision="7">2</a>`), templ.Raw(`<p id=x>`))
	})
	w := serve(f, background(t, ""))
	want := `<div id="notice" hx-swap-oob="innerHTML"></div>` +
		`<a id="mini" data-revision="7" hx-swap-oob="true">2</a><p id=x hx-swap-oob="true">`
	if diff := cmp.Diff(want, w.Body.String()); diff != "" || w.Code != 200 {
		t.Errorf("answer %d (-want +got):\n%s", w.Code, diff)
	}
	if got := w.Header().Get("Cache-Group-Invalidation"); got != `"cart:7f3a"` {
		t.Errorf("Cache-Group-Invalidation: %s; want the cart", got)
	}
}

func TestSwapTakesNothingButElements(t *testing.T) {
	for _, body := range []string{"", "text", "<p", "text <b>"} {
		w := httptest.NewRecorder()
		if err := fragments.Swap(w, background(t, ""), fragments.Answer{}, templ.Raw(body)); err == nil || w.Body.Len() > 0 {
			t.Errorf("Swap of %q = %v and answers %q; want an error", body, err, w.Body)
		}
	}
}

func TestAnErrorInTheBackgroundIsANotice(t *testing.T) {
	captureLog(t)
	tests := []struct {
		name   string
		err    error
		status int
		want   string
	}{
		{"a refusal", &fragments.Problem{Status: 409, Title: "Sold <out>", Detail: "Come again."}, 409,
			`<div id="notice" hx-swap-oob="innerHTML"><p>Sold &lt;out&gt;. Come again.</p></div>`},
		{"a mistake of ours", errors.New("secret"), 500,
			`<div id="notice" hx-swap-oob="innerHTML"><p>Something went wrong. The error is ours and has been noted. ` +
				`Please try again in a moment. Error number 42.</p></div>`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := background(t, "")
			r.Header.Set("X-Request-Id", "42")
			w := httptest.NewRecorder()
			fragments.Error(w, r, test.err)
			if diff := cmp.Diff(test.want, w.Body.String()); diff != "" || w.Code != test.status {
				t.Errorf("answer %d (-want +got):\n%s", w.Code, diff)
			}
			if w.Header().Get("Selvedge-Error") != "" {
				t.Errorf("the notice asks to be put into a page of its own")
			}
		})
	}
}

func TestARedirectInTheBackgroundIsAHeader(t *testing.T) {
	w := httptest.NewRecorder()
	if err := fragments.Redirect(w, background(t, ""), fragments.Answer{Location: "/orders/1"}); err != nil {
		t.Fatal(err)
	}
	if w.Code != 204 || w.Header().Get("HX-Redirect") != "/orders/1" || w.Header().Get("Location") != "" {
		t.Errorf("answer %d %v; want 204 with HX-Redirect alone", w.Code, w.Header())
	}
}

// TestABackgroundRequestIsAPersons is about htmx, which accepts anything.
func TestABackgroundRequestIsAPersons(t *testing.T) {
	for accept, want := range map[string]bool{"*/*": true, "text/html, */*": true, "application/json": false} {
		r := background(t, "")
		r.URL.Path = "/api/cart"
		r.Header.Set("Accept", accept)
		if got := fragments.PrefersHTML(r); got != want {
			t.Errorf("PrefersHTML of %s = %v; want %v", accept, got, want)
		}
	}
}
