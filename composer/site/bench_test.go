package site_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"selvedge/composer/site"
	"selvedge/composer/site/config"
)

// largeFile is a site of 200 pages and 50 fragments.
func largeFile() []byte { return fileOf(200, 50) }

// fileOf is a site of so many pages and fragments.
func fileOf(pages, fragments int) []byte {
	var b strings.Builder
	b.WriteString("fragments:\n")
	for i := range fragments {
		fmt.Fprintf(&b, "  fragment-%d: {timeout: 300ms, cookies: [session], api: [/api/%d/*]}\n", i, i)
	}
	b.WriteString("pages:\n")
	for i := range pages {
		fmt.Fprintf(&b, "  /section-%d/{slug}: fragment-%d/page?slug={slug}\n", i, i%fragments)
	}
	return []byte(b.String())
}

func benchSite(b *testing.B, file []byte) *site.Site {
	b.Helper()
	c, err := config.Parse("site.yaml", file)
	if err != nil {
		b.Fatal(err)
	}
	handlers := make(map[string]http.Handler)
	for name := range c.Fragments {
		handlers[name] = template(`<p>a page</p>`)
	}
	s, err := site.New(c, site.Options{Logger: quiet, Fragments: handlers})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close(b.Context()) })
	return s
}

// BenchmarkReload reads the file of a large site again, and has the site go on with it.
func BenchmarkReload(b *testing.B) {
	s := benchSite(b, largeFile())
	for b.Loop() {
		c, err := config.Parse("site.yaml", largeFile())
		if err == nil {
			err = s.Reload(c)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPage serves a stored page of a large site, and one of a small site, from the first
// handler of the site.
func BenchmarkPage(b *testing.B) {
	for name, file := range map[string][]byte{"200 pages": largeFile(), "1 page": fileOf(1, 1)} {
		b.Run(name, func(b *testing.B) {
			s := benchSite(b, file)
			r := httptest.NewRequest(http.MethodGet, "/section-0/x", nil)
			for b.Loop() {
				if w := httptest.NewRecorder(); true {
					s.ServeHTTP(w, r.Clone(r.Context()))
					if w.Code != http.StatusOK {
						b.Fatal(w.Code, w.Body)
					}
				}
			}
		})
	}
}
