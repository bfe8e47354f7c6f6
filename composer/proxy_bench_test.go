package composer_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"selvedge/composer"
)

// BenchmarkProxy composes a page of 31 KB with ten includes that are not
// cacheable, from an origin over real connections.
func BenchmarkProxy(b *testing.B) { benchmarkProxy(b, "no-store") }

// BenchmarkProxyHit is the same with all of it stored.
func BenchmarkProxyHit(b *testing.B) { benchmarkProxy(b, "max-age=3600") }

func benchmarkProxy(b *testing.B, control string) {
	page := strings.Repeat(strings.Repeat("<li>text</li>\n", 110)+`<esi:include src="/part"/>`, 10)
	part := strings.Repeat("p", 1500)
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		if r.URL.Path == "/part" {
			w.Header().Set("Cache-Control", control)
			_, _ = io.WriteString(w, part)
			return
		}
		w.Header().Set("Cache-Control", "max-age=3600")
		w.Header().Set("Surrogate-Control", `content="ESI/1.0"`)
		_, _ = io.WriteString(w, page)
	}))
	defer origin.Close()
	c, err := composer.New(composer.NewRegistry(), composer.Options{Origin: sourceAt(b, origin.URL).URL})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	handler := c.Proxy()
	b.ReportAllocs()
	b.SetParallelism(16) // as many pages at a time as visitors, not as processors
	b.RunParallel(func(loop *testing.PB) {
		r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/", nil)
		for loop.Next() {
			handler.ServeHTTP(&discard{header: make(http.Header)}, r)
		}
	})
}
