package composer_test

import (
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"selvedge/composer"
)

// kilobyte answers with 1 KB and the header of a usual fragment.
func kilobyte(w http.ResponseWriter, r *http.Request) {
	set(w, "Cache-Control: public, max-age=0, s-maxage=60", `Cache-Groups: "product:`+r.URL.RawQuery+`"`,
		`ETag: "`+r.URL.RawQuery+`"`, "Content-Type: text/html; charset=utf-8")
	_, _ = w.Write([]byte(strings.Repeat("x", 1024)))
}

func BenchmarkHit(b *testing.B) {
	registry := composer.NewRegistry()
	if err := registry.Add("f", "1.0.0", composer.Source{Handler: http.HandlerFunc(kilobyte)}); err != nil {
		b.Fatal(err)
	}
	c, err := composer.New(registry, composer.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	fetch := composer.Fetcher(c, "/fragments/f/x?1")
	b.ReportAllocs()
	for b.Loop() {
		if err := fetch(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMemory reports what 10,000 stored answers of 1 KB take, in bytes
// each.
func BenchmarkMemory(b *testing.B) {
	const n = 10_000
	for b.Loop() {
		registry := composer.NewRegistry()
		if err := registry.Add("f", "1.0.0", composer.Source{Handler: http.HandlerFunc(kilobyte)}); err != nil {
			b.Fatal(err)
		}
		c, err := composer.New(registry, composer.Options{})
		if err != nil {
			b.Fatal(err)
		}
		before := heap()
		for i := range n {
			if err := composer.Fetcher(c, fmt.Sprintf("/fragments/f/x?%d", i))(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(heap()-before)/n, "B/answer")
		c.Close()
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
