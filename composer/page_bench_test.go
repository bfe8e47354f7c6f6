package composer_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"selvedge/composer"
)

// sizes are pages by their includes and their length in bytes, of which a half
// is the template's.
var sizes = []struct{ includes, length int }{
	{1, 31 << 10}, {10, 31 << 10}, {100, 31 << 10}, {10, 10 << 10}, {10, 100 << 10}, {10, 1 << 20}, {1, 1 << 20},
}

// BenchmarkPage composes pages of which all is cacheable and in this process.
func BenchmarkPage(b *testing.B) {
	for _, size := range sizes {
		b.Run(fmt.Sprintf("%d includes, %d KB", size.includes, size.length>>10), func(b *testing.B) {
			page, r := cachedPage(b, size.includes, size.length)
			b.SetBytes(int64(size.length))
			b.ReportAllocs()
			for b.Loop() {
				page.ServeHTTP(&discard{header: make(http.Header)}, r)
			}
		})
	}
}

// TestACachedPageAllocatesLittle counts what a page allocates with the map that
// its header is in, however large it is and however many parts it has.
func TestACachedPageAllocatesLittle(t *testing.T) {
	const most = 10
	if withRace {
		t.Skip("with -race, the lists for the next page are lost at times")
	}
	for _, size := range sizes {
		for _, coding := range []string{"", "gzip"} {
			name := fmt.Sprintf("%d includes, %d KB %s", size.includes, size.length>>10, coding)
			t.Run(name, func(t *testing.T) {
				page, r := cachedPage(t, size.includes, size.length)
				r.Header.Set("Accept-Encoding", coding)
				w := &discard{}
				got := testing.AllocsPerRun(100, func() {
					w.header, w.written = make(http.Header), 0
					page.ServeHTTP(w, r)
				})
				if got > most {
					t.Errorf("%.0f allocations; want %d at most", got, most)
				}
				if w.header.Get("Etag") == "" || w.header.Get("Content-Length") != fmt.Sprint(w.written) || w.written == 0 {
					t.Errorf("the page has %d bytes and the header %v", w.written, w.header)
				}
			})
		}
	}
}

// cachedPage returns a page that is in the cache with all its includes, and a
// request for it.
func cachedPage(t testing.TB, includes, length int) (http.Handler, *http.Request) {
	t.Helper()
	cacheable := func(h http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			set(w, "Cache-Control: public, max-age=3600", `ETag: "1"`, `Cache-Groups: "g"`, "Content-Type: text/html; charset=utf-8",
				"Last-Modified: Sun, 22 Nov 2026 11:00:00 GMT")
			h(w, r)
		}
	}
	text := func(length int) string { return strings.Repeat("<li>text</li>\n", length/14+1)[:length] }
	part := length / includes / 2
	c := newComposer(t, composer.Options{}, fragments{
		"page": cacheable(template(strings.Repeat(text(part)+`<esi:include src="/fragments/part/x"/>`, includes))),
		"part": cacheable(piece(text(part))),
	}, nil)
	page, r := c.Page("page"), httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
	page.ServeHTTP(&discard{header: make(http.Header)}, r)
	return page, r
}

// discard is a response that nobody reads.
type discard struct {
	header  http.Header
	written int // bytes
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(p []byte) (int, error) { d.written += len(p); return len(p), nil }
func (d *discard) WriteHeader(int)             {}
