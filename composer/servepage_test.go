package composer_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"

	"selvedge/composer"
)

func TestServePageTakesThePathAndQueryOfTheReference(t *testing.T) {
	c := newComposer(t, composer.Options{}, fragments{
		"shell": func(w http.ResponseWriter, r *http.Request) {
			set(w, "Cache-Control: max-age=60")
			template(r.URL.RequestURI()+` <esi:include src="/fragments/echo/x?$(QUERY_STRING)"/>`)(w, r)
		},
		"echo": func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.URL.RawQuery) },
	}, nil)
	for range 2 {
		w := newRecording()
		if err := c.ServePage(w, request(t, http.MethodGet, "/blog/a?page=2"), "/fragments/shell/post?slug=a"); err != nil {
			t.Fatal(err)
		}
		if got, want := w.body.String(), "/post?slug=a page=2"; got != want || w.status != http.StatusOK {
			t.Errorf("the page is %d %q; want %q, and the query of the request in variables", w.status, got, want)
		}
	}
}

func TestServePageWritesNothingWithAnError(t *testing.T) {
	c := newComposer(t, composer.Options{}, fragments{
		"gone": status(http.StatusNotFound, "gone"), "down": status(http.StatusInternalServerError, "down"),
	}, nil)
	for template, want := range map[string]int{
		"/fragments/gone/x": 404, "/fragments/down/x": 502, "/fragments/none/x": 404, "/elsewhere": 400, "/fragments/gone/../x": 400,
	} {
		w := newRecording()
		err := c.ServePage(w, request(t, http.MethodGet, "/"), template)
		if err == nil || composer.StatusOf(err) != want || w.status != 0 || w.body.Len() > 0 || len(w.header) > 0 {
			t.Errorf("ServePage(%s) = %v, and wrote %d %q; want status %d and nothing written", template, err, w.status, w.body.String(), want)
		}
	}
	var refused *composer.RefusedError
	if err := c.ServePage(newRecording(), request(t, http.MethodGet, "/"), "/fragments/gone/x"); !errors.As(err, &refused) {
		t.Errorf("a template with 404 is %v; want a *RefusedError", err)
	}
}

// TestAPurgeOfAPageDropsItsTemplate has pages at other paths than their templates, and a
// template of two pages.
func TestAPurgeOfAPageDropsItsTemplate(t *testing.T) {
	pages := map[string]string{"/blog/a": "post?slug=a", "/blog/b": "post?slug=b", "/about": "text", "/b%c3%bccher": "text"}
	tests := []struct {
		purge composer.Purge
		want  int // dropped templates
	}{
		{composer.Purge{URLs: []string{"/blog/a"}}, 1},
		{composer.Purge{URLs: []string{"http://example.com/blog/a?page=2"}}, 1},
		{composer.Purge{URLs: []string{"http://other.example/blog/a"}}, 0},
		{composer.Purge{Prefix: "/blog/"}, 2},
		{composer.Purge{URLs: []string{"/about"}}, 1},
		{composer.Purge{URLs: []string{"/b%C3%BCcher", "/about"}}, 1},
		{composer.Purge{URLs: []string{"/fragments/shell/post?slug=a"}}, 1},
		{composer.Purge{URLs: []string{"/post"}}, 0},
	}
	for _, test := range tests {
		asked := 0
		c := newComposer(t, composer.Options{}, fragments{"shell": func(w http.ResponseWriter, r *http.Request) {
			asked++
			set(w, "Cache-Control: max-age=60")
			_, _ = fmt.Fprint(w, r.URL.RequestURI())
		}}, nil)
		visit := func() {
			for path, template := range pages {
				w := newRecording()
				if err := c.ServePage(w, request(t, http.MethodGet, path), "/fragments/shell/"+template); err != nil || w.body.String() != "/"+template {
					t.Fatalf("%s is %q, %v; want /%s", path, w.body.String(), err, template)
				}
			}
		}
		visit()
		before := asked
		if n, err := c.Purge(test.purge); n != test.want || err != nil {
			t.Errorf("Purge(%+v) = %d, %v; want %d", test.purge, n, err, test.want)
		}
		if visit(); asked-before != test.want {
			t.Errorf("after Purge(%+v) %d templates are fetched again; want %d", test.purge, asked-before, test.want)
		}
	}
}

// TestAPurgeOfAPageIsSafeBeyondTheMemoryOfPages serves more pages than are remembered.
func TestAPurgeOfAPageIsSafeBeyondTheMemoryOfPages(t *testing.T) {
	stored := with("Cache-Control: max-age=60", piece("page"))
	c := newComposer(t, composer.Options{}, fragments{"shell": stored, "other": stored}, nil)
	w := newRecording()
	c.Fragment().ServeHTTP(w, request(t, http.MethodGet, "/fragments/other/x"))
	for i := range 5000 {
		if err := c.ServePage(newRecording(), request(t, http.MethodGet, fmt.Sprintf("/page/%d", i)), fmt.Sprintf("/fragments/shell/%d", i)); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := c.Purge(composer.Purge{URLs: []string{"/page/4999"}}); n != 5000 || err != nil {
		t.Errorf("Purge = %d, %v; want the templates of all pages, and no other fragment", n, err)
	}
}
