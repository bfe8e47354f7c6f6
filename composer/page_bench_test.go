package composer_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"selvedge/composer"
)

// BenchmarkPage composes a page of 31 KB with ten includes, all of them
// cacheable and in this process.
func BenchmarkPage(b *testing.B) {
	cacheable := func(h http.HandlerFunc) composer.Source {
		return composer.Source{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Cache-Control", "public, max-age=3600")
			h(w, r)
		})}
	}
	page := template(strings.Repeat(strings.Repeat("<li>text</li>\n", 110)+`<esi:include src="/fragments/part/x"/>`, 10))
	registry := composer.NewRegistry()
	for name, source := range map[string]composer.Source{"page": cacheable(page), "part": cacheable(piece(strings.Repeat("p", 1500)))} {
		if err := registry.Add(name, "1.0.0", source); err != nil {
			b.Fatal(err)
		}
	}
	c, err := composer.New(registry, composer.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	handler, r := c.Page("page"), httptest.NewRequestWithContext(b.Context(), "GET", "/", nil)
	b.ReportAllocs()
	for b.Loop() {
		handler.ServeHTTP(&discard{header: make(http.Header)}, r)
	}
}

// discard is a response that nobody reads.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(int)             {}
