package workload

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

func TestPagesHaveTheSizeThatIsAskedFor(t *testing.T) {
	for _, p := range slices.Concat([]Page{Usual}, ByIncludes, BySize) {
		if got := len(p.Text(p.Fragment)); got != p.Size {
			t.Errorf("page %v has %d bytes; want %d", p, got, p.Size)
		}
		seen := make(map[string]bool)
		for i := range p.Includes {
			seen[p.Fragment(i)] = true
		}
		if len(seen) != p.Includes {
			t.Errorf("page %v has %d fragments that differ; want %d", p, len(seen), p.Includes)
		}
	}
}

// TestAllTemplatesAreTheSamePage puts the fragments into each template.
func TestAllTemplatesAreTheSamePage(t *testing.T) {
	s := NewSite()
	for _, tmpl := range []Template{ESITemplate, ReferenceTemplate, SSITemplate} {
		for _, p := range slices.Concat([]Page{Usual}, ByIncludes, BySize) {
			got := get(s, PagePath(Slow, p, tmpl))
			for i := range p.Includes {
				path := fragmentPath(Slow, p, i)
				got = strings.Replace(got, fmt.Sprintf(tmpl.include, path), string(s[path].body), 1)
			}
			if want := get(s, PagePath(Slow, p, WholePage)); got != want {
				t.Errorf("the page %v of the template %s is not the whole one", p, tmpl.Name)
			}
		}
	}
}

func get(s Site, path string) string {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	return w.Body.String()
}

func TestHeadersOfTheSite(t *testing.T) {
	s := NewSite()
	for _, test := range []struct {
		name, path         string
		status             int
		control, surrogate string
	}{
		{"a template opts in", PagePath(Uncached, Usual, ESITemplate), 200, "public, max-age=3600", `content="ESI/1.0"`},
		{"one of nginx does not", PagePath(Cached, Usual, SSITemplate), 200, "public, max-age=3600", ""},
		{"a fragment may be stored", fragmentPath(Cached, Usual, 9), 200, "public, max-age=3600", ""},
		{"another may not", fragmentPath(Uncached, Usual, 0), 200, "no-store", ""},
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
