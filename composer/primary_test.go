package composer_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer"
)

func TestTheStatusOfThePrimaryInclude(t *testing.T) {
	const primary = `head<esi:include src="/fragments/slow/x"/><esi:include src="/fragments/part/x" primary="primary">fallback</esi:include>`
	json := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.Header().Set("Selvedge-Error", "show")
		w.WriteHeader(404)
	}
	refused := func(status int, body string) error {
		e := &composer.RefusedError{Reference: "/fragments/part/x", Status: status}
		if body != "" {
			e.Body = []byte(body)
		}
		return e
	}
	tests := []struct {
		name string
		part http.HandlerFunc
		page string
		want error
		body string
	}{
		{"a success is a page", piece("part"), primary, nil, "headslowpart"},
		{"a 404 is the page's", status(404, "secret"), primary, refused(404, ""), ""},
		{"so is its body if it is for a person", shown(422, "<form>"), primary, refused(422, "<form>"), ""},
		{"but not if it is no HTML", json, primary, refused(404, ""), ""},
		{"a 500 falls back", shown(500, "secret"), primary, nil, "headslowfallback"},
		{"a panic falls back", func(http.ResponseWriter, *http.Request) { panic("secret") }, primary, nil, "headslowfallback"},
		{"a hanging one falls back", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
			`<esi:include src="/fragments/part/x" primary="primary" maxwait="50">fallback</esi:include>`, nil, "fallback"},
		{"a 404 of another include falls back", status(404, "secret"),
			`<esi:include src="/fragments/part/x">fallback</esi:include>`, nil, "fallback"},
		{"a primary in a nested template is not the page's", status(404, "secret"), `<esi:include src="/fragments/nested/x"/>`, nil, "nested fallback"},
	}
	for _, kind := range kinds {
		for _, test := range tests {
			t.Run(kind.name+" "+test.name, func(t *testing.T) {
				var got error
				c := newComposer(t, composer.Options{Error: func(_ http.ResponseWriter, _ *http.Request, err error) { got = err }},
					fragments{"page": template(test.page), "slow": piece("slow"),
						"nested": template(`nested <esi:include src="/fragments/part/x" primary="primary">fallback</esi:include>`)},
					map[string]composer.Source{"part": kind.source(t, test.part)})
				w := httptest.NewRecorder()
				c.Page("page").ServeHTTP(w, request(t, "GET", "/"))
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("error (-want +got):\n%s", diff)
				}
				if w.Body.String() != test.body || test.want != nil && len(w.Header()) > 0 {
					t.Errorf("page = %q, header %v; want %q", w.Body, w.Header(), test.body)
				}
			})
		}
	}
}

// The page waits for its primary include before the first byte, so an error of
// it is a status and no cut connection, however slow another include is.
func TestAFailedPrimaryIncludeIsSaidBeforeTheFirstByte(t *testing.T) {
	var got error
	c := newComposer(t, composer.Options{Error: func(_ http.ResponseWriter, _ *http.Request, err error) { got = err }}, fragments{
		"page": template(`head<esi:include src="/fragments/slow/x"/><esi:include src="/fragments/part/x" primary="primary"/>`),
		"slow": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"part": status(503, "secret"),
	}, nil)
	w := httptest.NewRecorder()
	c.Page("page").ServeHTTP(w, request(t, "GET", "/"))
	var fetch *composer.FetchError
	if !errors.As(got, &fetch) || fetch.Status != 503 || w.Body.Len() > 0 {
		t.Errorf("error = %v, page %q; want that the fragment answered 503", got, w.Body)
	}
}

func TestTheDefaultErrorKeepsTheStatusOfARefusal(t *testing.T) {
	s := newSite(t, composer.Options{}, fragments{
		"page": template(`<esi:include src="/fragments/part/x" primary="primary"/>`), "part": status(410, "secret"),
	}, nil)
	if got := s.get(t, "/"); got.status != 410 || got.body != "Gone\n" {
		t.Errorf("page = %d %q; want 410 Gone", got.status, got.body)
	}
}

// TestAPageBeginsWithoutASlowPrimaryInclude has the primary fragment take some
// time. Something can stand in its place, so that the head is held for MaxWait
// only, and the fragment is waited for longer.
func TestAPageBeginsWithoutASlowPrimaryInclude(t *testing.T) {
	const page = `head<esi:include src="/fragments/part/x" primary="primary" %s maxwait="5000">` +
		`<esi:choose><esi:when test="$(SELVEDGE_LATE)"> late $(SELVEDGE_LATE)</esi:when><esi:otherwise> failed$(SELVEDGE_LATE)</esi:otherwise></esi:choose></esi:include>`
	redirect := func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/other", http.StatusFound) }
	refused := &composer.RefusedError{Reference: "/fragments/part/x", Status: http.StatusNotFound}
	tests := []struct {
		name  string
		takes time.Duration
		part  http.HandlerFunc
		begun time.Duration
		body  string
		err   error
	}{
		{"one that answers in time is waited for", 900 * time.Millisecond, piece(" part"), 900 * time.Millisecond, "head part", nil},
		{"one that refuses in time decides", 900 * time.Millisecond, status(404, "secret"), 0, "", refused},
		{"one that takes longer is shown when it comes", 3 * time.Second, piece(" part"), time.Second, "head part", nil},
		{"one that refuses later is missing", 3 * time.Second, status(404, "secret"), time.Second, "head failed", nil},
		{"one that leads elsewhere later is missing", 3 * time.Second, redirect, time.Second, "head failed", nil},
		{"one that fails later is missing", 3 * time.Second, status(500, "secret"), time.Second, "head failed", nil},
		{"one that does not answer is late", time.Minute, piece(" part"), time.Second, "head late true", nil},
	}
	for i, test := range slices.Concat(tests, tests) {
		required := ""
		if i >= len(tests) {
			required = `required="required"`
		}
		t.Run(test.name+required, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var got error
				c := newComposer(t, composer.Options{Error: func(_ http.ResponseWriter, _ *http.Request, err error) { got = err }}, fragments{
					"page": template(fmt.Sprintf(page, required)),
					"part": func(w http.ResponseWriter, r *http.Request) {
						select {
						case <-time.After(test.takes):
							test.part(w, r)
						case <-r.Context().Done():
						}
					},
				}, nil)
				w := &stopwatch{httptest.NewRecorder(), time.Now(), 0}
				c.Page("page").ServeHTTP(w, request(t, "GET", "/"))
				if diff := cmp.Diff(test.err, got); diff != "" {
					t.Errorf("error (-want +got):\n%s", diff)
				}
				if test.err == nil && (w.begun.Round(100*time.Millisecond) != test.begun || w.Code != http.StatusOK || w.Body.String() != test.body) {
					t.Errorf("page = %d %q after %v; want 200 %q after %v", w.Code, w.Body, w.begun, test.body, test.begun)
				}
			})
		})
	}
}
