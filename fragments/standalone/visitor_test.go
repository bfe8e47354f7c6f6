package standalone_test

import (
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"selvedge/fragments"
)

// guestBook says to each request what the kit knows of it.
func guestBook(t *testing.T) *fragments.Fragment {
	t.Helper()
	tell := func(w http.ResponseWriter, r *http.Request) error {
		session := "none"
		if fragments.Session(r) != "" {
			session = "known"
		}
		text := strings.Join([]string{"url " + fragments.URL(r.Context(), "/tell"), "session " + session, "page " + fragments.Page(r)}, ", ")
		return fragments.HTML(w, r, templ.Raw(`<p id="told">`+text+`.</p>`), fragments.Private())
	}
	f, err := fragments.New(fragments.Manifest{
		Name: "guests", Version: "1.0.0", Title: "What a request says",
		Routes: []fragments.Route{
			{Pattern: "GET /tell", Handle: tell}, {Pattern: "POST /tell", Handle: tell}, {Pattern: "POST /api/tell", Handle: tell},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestTheKitTellsOfEveryRequest asks the fragment as an include, by its reference, by forms
// and by an API path, from a visitor with a session.
func TestTheKitTellsOfEveryRequest(t *testing.T) {
	url := serveAlone(t, guestBook(t))
	jar, _ := cookiejar.New(nil)
	browser := &http.Client{Jar: jar}
	tests := []struct{ name, method, path, destination, page string }{
		{"an include", "GET", "/tell", "document", ""},
		{"by reference", "GET", "/fragments/guests/tell", "", ""},
		{"a form", "POST", "/fragments/guests/tell", "", "/before?x=1"},
		{"a form without the prefix", "POST", "/tell", "", "/before?x=1"},
		{"an API path", "POST", "/api/tell", "", "/before?x=1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, body := visit(t, browser, test.method, url+test.path, "Referer", url+"/before?x=1", "Sec-Fetch-Dest", test.destination, "Accept", "text/html")
			if want := `<p id="told">url /fragments/guests/tell, session known, page ` + test.page + `.</p>`; !strings.Contains(body, want) {
				t.Errorf("%s %s = %s; want %s", test.method, test.path, body, want)
			}
		})
	}
	if _, body := visit(t, http.DefaultClient, "POST", url+"/tell"); !strings.Contains(body, "session known") {
		t.Errorf("the first request of a visitor: %s; want a session", body)
	}
}
