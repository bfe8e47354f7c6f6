package main

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

func TestPagesHaveTheSizeThatIsAskedFor(t *testing.T) {
	for _, w := range slices.Concat([]work{usual}, byIncludes, bySize) {
		if got := len(w.page(w.part)); got != w.size {
			t.Errorf("page %v has %d bytes; want %d", w, got, w.size)
		}
		seen := make(map[string]bool)
		for i := range w.includes {
			seen[w.part(i)] = true
		}
		if len(seen) != w.includes {
			t.Errorf("page %v has %d fragments that differ; want %d", w, len(seen), w.includes)
		}
	}
}

// TestAllFormsAreTheSamePage puts the fragments into each template.
func TestAllFormsAreTheSamePage(t *testing.T) {
	s := newSite()
	for _, f := range []form{esiForm, referenceForm, ssiForm} {
		for _, w := range slices.Concat([]work{usual}, byIncludes, bySize) {
			got := get(s, pagePath(slowKind, w, f))
			for i := range w.includes {
				path := partPath(slowKind, w, i)
				got = strings.Replace(got, fmt.Sprintf(f.include, path), string(s[path].body), 1)
			}
			if want := get(s, pagePath(slowKind, w, wholeForm)); got != want {
				t.Errorf("the page %v of the form %s is not the whole one", w, f.name)
			}
		}
	}
}

func get(s site, path string) string {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	return w.Body.String()
}

func TestHeadersOfTheSite(t *testing.T) {
	s := newSite()
	for _, test := range []struct {
		name, path         string
		status             int
		control, surrogate string
	}{
		{"a template opts in", pagePath(uncachedKind, usual, esiForm), 200, "public, max-age=3600", `content="ESI/1.0"`},
		{"one of nginx does not", pagePath(cachedKind, usual, ssiForm), 200, "public, max-age=3600", ""},
		{"a fragment may be stored", partPath(cachedKind, usual, 9), 200, "public, max-age=3600", ""},
		{"another may not", partPath(uncachedKind, usual, 0), 200, "no-store", ""},
		{"there is no other page", "/", 404, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			s.ServeHTTP(w, httptest.NewRequest("GET", test.path, nil))
			control, surrogate := w.Header().Get("Cache-Control"), w.Header().Get("Surrogate-Control")
			if w.Code != test.status || control != test.control || surrogate != test.surrogate {
				t.Errorf("GET %s = %d, %q, %q; want %d, %q, %q",
					test.path, w.Code, control, surrogate, test.status, test.control, test.surrogate)
			}
		})
	}
}
