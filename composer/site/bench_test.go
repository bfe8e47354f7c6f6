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
func largeFile() []byte {
	var b strings.Builder
	b.WriteString("fragments:\n")
	for i := range 50 {
		fmt.Fprintf(&b, "  fragment-%d: {timeout: 300ms, cookies: [session], api: [/api/%d/*]}\n", i, i)
	}
	b.WriteString("pages:\n")
	for i := range 200 {
		fmt.Fprintf(&b, "  /section-%d/{slug}: fragment-%d/page?slug={slug}\n", i, i%50)
	}
	return []byte(b.String())
}

func largeSite(b *testing.B) *site.Site {
	b.Helper()
	c, err := config.Parse("site.yaml", largeFile())
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
	s := largeSite(b)
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

// BenchmarkPage serves a stored page of a large site, from the first handler of the site.
func BenchmarkPage(b *testing.B) {
	s := largeSite(b)
	r := httptest.NewRequest(http.MethodGet, "/section-77/x", nil)
	for b.Loop() {
		if w := httptest.NewRecorder(); true {
			s.ServeHTTP(w, r.Clone(r.Context()))
			if w.Code != http.StatusOK {
				b.Fatal(w.Code, w.Body)
			}
		}
	}
}
