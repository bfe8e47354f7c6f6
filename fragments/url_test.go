package fragments_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/a-h/templ"

	"selvedge/fragments"
)

// A form of the fragment leads to the fragment, also without a composer in front of it.
func TestAnAddressOfTheSiteIsServed(t *testing.T) {
	m := clock()
	m.Routes = []fragments.Route{
		{Pattern: "GET /form", Handle: func(w http.ResponseWriter, r *http.Request) error {
			return fragments.HTML(w, r, templ.Raw(fragments.URL(r.Context(), "/alarms/a%2Fb?at=7")), fragments.Answer{})
		}},
		{Pattern: "POST /alarms/{name}", Handle: func(w http.ResponseWriter, r *http.Request) error {
			return fragments.Text(w, r, r.PathValue("name")+" at "+r.URL.Query().Get("at"), fragments.Answer{})
		}},
	}
	f := mustNew(t, m)
	for _, path := range []string{"/form", "/fragments/clock/form"} {
		address := serve(f, httptest.NewRequestWithContext(t.Context(), "GET", path, nil)).Body.String()
		if want := "/fragments/clock/alarms/a%2Fb?at=7"; address != want {
			t.Errorf("URL during GET %s = %s; want %s", path, address, want)
		}
		if w := serve(f, httptest.NewRequestWithContext(t.Context(), "POST", address, nil)); w.Code != 200 || w.Body.String() != "a/b at 7" {
			t.Errorf("POST %s = %d %s; want the alarm", address, w.Code, w.Body)
		}
	}
	for _, path := range []string{"/fragments/other/form", "/fragments/clockform", "/fragments/clock"} {
		if w := serve(f, httptest.NewRequestWithContext(t.Context(), "GET", path, nil)); w.Code != http.StatusNotFound {
			t.Errorf("GET %s = %d; want 404", path, w.Code)
		}
	}
}
