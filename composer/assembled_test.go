package composer_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer"
)

// again is a page with two fragments that are all stored, of which each answer
// has a number.
func again(t *testing.T) (c *composer.Composer, get func(request *http.Request) string) {
	page := func(w http.ResponseWriter, r *http.Request) {
		set(w, "Cache-Control: max-age=60", `Cache-Groups: "page"`)
		template(`a<esi:include src="/fragments/one/x"/>b<esi:include src="/fragments/two/x"/>`)(w, r)
	}
	c = newComposer(t, composer.Options{}, fragments{
		"page": page,
		"one":  saying("Cache-Control: max-age=60", `Cache-Groups: "one"`).ServeHTTP,
		"two":  saying("Cache-Control: max-age=5", `Cache-Groups: "two"`, "Content-Type: text/html").ServeHTTP,
	}, nil)
	return c, func(r *http.Request) string {
		w := httptest.NewRecorder()
		c.Page("page").ServeHTTP(w, r)
		body := io.Reader(w.Body)
		if w.Header().Get("Content-Encoding") == "gzip" {
			body, _ = gzip.NewReader(body)
		}
		text, err := io.ReadAll(body)
		if err != nil {
			t.Error(err)
		}
		return string(text)
	}
}

// TestAPageThatWasJustMadeChangesWithWhatItWasMadeFrom asks for a page that is
// given out as it was a moment ago, and changes something in between.
func TestAPageThatWasJustMadeChangesWithWhatItWasMadeFrom(t *testing.T) {
	tests := []struct {
		name   string
		change func(*testing.T, *composer.Composer)
		want   string
	}{
		{"nothing", func(*testing.T, *composer.Composer) {}, "a1b1"},
		{"a group of a fragment", func(_ *testing.T, c *composer.Composer) { c.Invalidate("one") }, "a2b1"},
		{"the groups of both", func(_ *testing.T, c *composer.Composer) { c.Invalidate("one", "two") }, "a2b2"},
		{"a group of nobody", func(_ *testing.T, c *composer.Composer) { c.Invalidate("three") }, "a1b1"},
		{"a fragment's time", func(*testing.T, *composer.Composer) { time.Sleep(5 * time.Second) }, "a1b2"},
		{"a write to a fragment", func(t *testing.T, c *composer.Composer) {
			c.Forward("one").ServeHTTP(newRecording(), request(t, "POST", "/x"))
		}, "a3b1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, get := again(t)
				for range 3 {
					if got := get(request(t, "GET", "/")); got != "a1b1" {
						t.Fatalf("page = %q; want a1b1", got)
					}
				}
				test.change(t, c)
				for range 3 {
					if got := get(request(t, "GET", "/")); got != test.want {
						t.Errorf("page = %q; want %q", got, test.want)
					}
				}
			})
		})
	}
}

// TestWhoGetsAPageThatWasJustMade asks from many sides in turn.
func TestWhoGetsAPageThatWasJustMade(t *testing.T) {
	page := template(strings.Repeat("text ", 300) + `<esi:include src="/fragments/host/x"/>`)
	host := func(w http.ResponseWriter, r *http.Request) {
		set(w, "Cache-Control: max-age=60")
		_, _ = io.WriteString(w, r.Header.Get("X-Forwarded-Host"))
	}
	cached := func(w http.ResponseWriter, r *http.Request) {
		set(w, "Cache-Control: max-age=60")
		page(w, r)
	}
	c := newComposer(t, composer.Options{}, fragments{"page": cached, "host": host}, nil)
	for i := range 24 {
		name, coding := fmt.Sprintf("%d.example", i%3), []string{"", "gzip"}[i%2]
		r := request(t, "GET", "/")
		r.Host = name
		r.Header.Set("Accept-Encoding", coding)
		w := httptest.NewRecorder()
		w.Header().Set("X-Site", "1")
		if i%4 == 3 {
			w.Header().Set("Set-Cookie", "session=1")
		}
		c.Page("page").ServeHTTP(w, r)
		body := io.Reader(w.Body)
		if coding != "" {
			body, _ = gzip.NewReader(body)
		}
		text, err := io.ReadAll(body)
		if !strings.HasSuffix(string(text), name) || err != nil || w.Header().Get("Content-Encoding") != coding || w.Header().Get("X-Site") != "1" {
			t.Errorf("%d: %s with %q has a page that ends in %.20q, %v, header %v", i, name, coding, text[max(len(text)-20, 0):], err, w.Header())
		}
		if control := w.Header().Get("Cache-Control"); (control == "no-store") != (i%4 == 3) {
			t.Errorf("%d: Cache-Control = %q", i, control)
		}
	}
}

// TestAPageThatWasJustMadeIsNotModified holds for one whose visitor has it.
func TestAPageThatWasJustMadeIsNotModified(t *testing.T) {
	c, get := again(t)
	for range 2 {
		get(request(t, "GET", "/"))
	}
	first := httptest.NewRecorder()
	c.Page("page").ServeHTTP(first, request(t, "GET", "/"))
	r := request(t, "GET", "/")
	r.Header.Set("If-None-Match", first.Header().Get("ETag"))
	for range 2 {
		w := httptest.NewRecorder()
		c.Page("page").ServeHTTP(w, r)
		if w.Code != http.StatusNotModified || w.Body.Len() > 0 {
			t.Errorf("answer = %d with %d bytes; want 304 with none", w.Code, w.Body.Len())
		}
	}
	c.Invalidate("one")
	w := httptest.NewRecorder()
	c.Page("page").ServeHTTP(w, r)
	if w.Code != http.StatusOK || w.Body.String() != "a2b1" {
		t.Errorf("answer = %d %q; want 200 and the page with the other fragment", w.Code, w.Body)
	}
}

// TestAPageThatWasJustMadeIsOfItsSitesType has the site say what type its pages
// are, on which depends whether they are compressed.
func TestAPageThatWasJustMadeIsOfItsSitesType(t *testing.T) {
	text := strings.Repeat("text ", 400)
	tests := []struct {
		name, site, template string
		coding               string
	}{
		{"the site's pages are texts", "text/html", "", "gzip"},
		{"the site's pages are none", "application/x-own", "text/html", ""},
		{"the template is one", "", "text/html", "gzip"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := newComposer(t, composer.Options{}, fragments{
				"page": func(w http.ResponseWriter, _ *http.Request) {
					set(w, "Cache-Control: max-age=60", `Surrogate-Control: content="ESI/1.0"`)
					if test.template != "" {
						w.Header().Set("Content-Type", test.template)
					}
					_, _ = io.WriteString(w, `<esi:include src="/fragments/part/x"/>`)
				},
				"part": with("Cache-Control: max-age=60", piece(text)),
			}, nil)
			for i := range 5 {
				r := request(t, "GET", "/")
				r.Header.Set("Accept-Encoding", "gzip")
				w := httptest.NewRecorder()
				if test.site != "" {
					w.Header().Set("Content-Type", test.site)
				}
				c.Page("page").ServeHTTP(w, r)
				body, coding := io.Reader(w.Body), w.Header().Get("Content-Encoding")
				if coding == "gzip" {
					body, _ = gzip.NewReader(body)
				}
				if got, err := io.ReadAll(body); string(got) != text || err != nil || coding != test.coding && i > 0 {
					t.Errorf("page %d is %.20q, %v, Content-Encoding %q; want %.20q, %q", i, got, err, coding, text, test.coding)
				}
			}
		})
	}
}
