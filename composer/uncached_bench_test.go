package composer_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"selvedge/composer"
)

// BenchmarkUncached composes a page of 31 KB with ten includes that are not
// cacheable, of handlers in this process.
func BenchmarkUncached(b *testing.B) {
	page := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=3600")
		template(strings.Repeat(strings.Repeat("<li>text</li>\n", 110)+`<esi:include src="/fragments/part/x"/>`, 10))(w, r)
	}
	part := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		piece(strings.Repeat("p", 1500))(w, r)
	}
	registry := composer.NewRegistry()
	for name, h := range map[string]http.HandlerFunc{"page": page, "part": part} {
		if err := registry.Add(name, "1.0.0", composer.Source{Handler: h}); err != nil {
			b.Fatal(err)
		}
	}
	c, err := composer.New(registry, composer.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	handler := c.Page("page")
	b.ReportAllocs()
	b.SetParallelism(16) // as many pages at a time as visitors, not as processors
	b.RunParallel(func(loop *testing.PB) {
		r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/", nil)
		for loop.Next() {
			handler.ServeHTTP(&discard{header: make(http.Header)}, r)
		}
	})
}
