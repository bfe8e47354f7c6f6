package composer_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"

	"selvedge/composer"
)

// TestTheCacheTakesAsMuchMemoryAsItMay asks for pages, each with a template and
// a fragment of its own, until the cache has dropped most of them.
func TestTheCacheTakesAsMuchMemoryAsItMay(t *testing.T) {
	const size = 3 << 20
	esi := []string{`Surrogate-Control: content="ESI/1.0"`, "Content-Type: text/html"}
	words := func(seed, length int) string { // that compress as text does
		var b strings.Builder
		for n := seed; b.Len() < length; n = n*1103515245 + 12345 {
			fmt.Fprintf(&b, "%x some more of the words ", n>>8&0xffff)
		}
		return b.String()[:length]
	}
	tests := []struct {
		name     string
		header   []string // of the fragment; %s is its number
		fragment func(n int) string
		include  string // in the template; %s is the fragment's number
		repeat   int    // how often that stands there
		gzip     bool
	}{
		{"1 KB", nil, func(n int) string { return words(n, 1<<10) }, `<esi:include src="/fragments/part/%s"/>`, 1, false},
		{"1 KB with a group", []string{`Cache-Groups: "product:%s"`, `ETag: "%s"`}, func(n int) string { return words(n, 1<<10) },
			`<esi:include src="/fragments/part/%s"/>`, 1, false},
		{"1 KB with links and Vary", []string{"Vary: Accept-Language", "Link: </%s.css>; rel=stylesheet", "Link: </%s.js>; rel=preload; as=script"},
			func(n int) string { return words(n, 1<<10) }, `<esi:include src="/fragments/part/%s"/>`, 1, false},
		{"1 KB, compressed", nil, func(n int) string { return words(n, 1<<10) }, `<esi:include src="/fragments/part/%s"/>`, 1, true},
		{"100 bytes", nil, func(n int) string { return words(n, 100) }, `<esi:include src="/fragments/part/%s"/>`, 1, false},
		{"some KB", nil, func(n int) string { return words(n, 2000+n*977%20000) }, `<esi:include src="/fragments/part/%s"/>`, 1, false},
		{"some ten KB, compressed", nil, func(n int) string { return words(n, 20000+n*977%60000) },
			`<esi:include src="/fragments/part/%s"/>`, 1, true},
		{"many includes", nil, func(n int) string { return words(n, 100) }, `<p>text</p><esi:include src="/fragments/part/%s"/>`, 30, false},
		{"many includes, compressed", nil, func(n int) string { return words(n, 100) },
			"<p>" + words(1, 200) + `</p><esi:include src="/fragments/part/%s"/>`, 15, true},
		{"branches and variables", nil, func(n int) string { return words(n, 100) },
			`<p><esi:choose><esi:when test="$(QUERY_STRING{a})=='%s'"><esi:vars>$(HTTP_HOST|'none')</esi:vars></esi:when></esi:choose></p>`, 20, false},
		{"elements", nil, func(n int) string {
			return `<div id="a">` + words(n, 1000) + `</div><div id="b">` + words(n+1, 1000) + `</div>`
		}, `<esi:include src="/fragments/part/%[1]s#a"/><esi:include src="/fragments/part/%[1]s#b"/>`, 1, false},
		{"elements, compressed", nil, func(n int) string {
			return `<div id="a">` + words(n, 1000) + `</div><div id="b">` + words(n+1, 1000) + `</div>`
		}, `<esi:include src="/fragments/part/%[1]s#a"/><esi:include src="/fragments/part/%[1]s#b"/>`, 1, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				stored := 0
				kept := func(body func(n int, number string) string, header ...string) http.HandlerFunc {
					return func(w http.ResponseWriter, r *http.Request) {
						number := r.URL.Path[1:]
						n := 0
						_, _ = fmt.Sscan(number, &n)
						set(w, "Cache-Control: max-age=3600")
						for _, line := range header {
							set(w, strings.ReplaceAll(line, "%s", number))
						}
						text := body(n, number)
						stored += 1<<10 + len(text)
						_, _ = w.Write([]byte(text))
					}
				}
				c := newComposer(t, composer.Options{CacheSize: size}, fragments{
					"page": kept(func(_ int, number string) string {
						return "<html>" + strings.Repeat(fmt.Sprintf(test.include, number), test.repeat)
					}, esi...),
					"part": kept(func(n int, _ string) string { return test.fragment(n) }, test.header...),
				}, nil)
				page := c.Page("page")
				ask := func(n int) {
					r := httptest.NewRequestWithContext(t.Context(), "GET", fmt.Sprintf("/%d", n), nil)
					if test.gzip {
						r.Header.Set("Accept-Encoding", "gzip")
					}
					page.ServeHTTP(&discard{header: make(http.Header)}, r)
				}
				ask(0) // The composer's own memory is none of the cache.
				before := heap()
				for n := 1; stored < size*5/4; n++ {
					ask(n)
				}
				synctest.Wait() // for what is dropped
				taken := float64(heap()-before) / size
				if taken < 0.85 || taken > 1.15 {
					t.Errorf("the cache takes %.2f of what it may; want at least 0.85 and at most 1.15", taken)
				}
				page.ServeHTTP(&discard{header: make(http.Header)}, httptest.NewRequestWithContext(t.Context(), "GET", "/0", nil))
			})
		})
	}
}
