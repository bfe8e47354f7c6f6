package fragments_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"

	"selvedge/fragments"
)

// answering returns a fragment with one path, /it, that answers like this.
func answering(t *testing.T, handle func(http.ResponseWriter, *http.Request) error) *fragments.Fragment {
	t.Helper()
	m := clock()
	m.Routes = []fragments.Route{{Pattern: "GET /it", Handle: handle}}
	return mustNew(t, m)
}

func TestAnswerBecomesHeaders(t *testing.T) {
	f := answering(t, func(w http.ResponseWriter, r *http.Request) error {
		return fragments.HTML(w, r, templ.Raw("<p>hi</p>"), fragments.Answer{
			Groups:       []string{"product:1", `quote"d`},
			Changed:      []string{"cart:7f3a"},
			CacheControl: "public, max-age=5",
			Vary:         []string{"Accept", "Cookie"},
			Template:     true,
			Revision:     7,
			Epoch:        "e",
		})
	})
	w := serve(f, httptest.NewRequestWithContext(t.Context(), "GET", "/it", nil))
	got := w.Header().Clone()
	got.Del("ETag")
	want := http.Header{
		"Content-Type":             {"text/html; charset=utf-8"},
		"Content-Length":           {"9"},
		"Cache-Groups":             {`"product:1", "quote\"d"`},
		"Cache-Group-Invalidation": {`"cart:7f3a"`},
		"Cache-Control":            {"public, max-age=5"},
		"Vary":                     {"Accept, Cookie"},
		"Surrogate-Control":        {`content="ESI/1.0"`},
		"Selvedge-Revision":        {"7"},
		"Selvedge-Epoch":           {"e"},
		"Link":                     {"<" + f.URL("clock.css") + ">; rel=preload; as=style"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	if w.Body.String() != "<p>hi</p>" {
		t.Errorf("body = %q", w.Body)
	}
}

func TestAnswerHasAnETagOfItsBytes(t *testing.T) {
	text := "one"
	f := answering(t, func(w http.ResponseWriter, r *http.Request) error {
		return fragments.Text(w, r, text, fragments.Answer{})
	})
	etag := func() string {
		return serve(f, httptest.NewRequestWithContext(t.Context(), "GET", "/it", nil)).Header().Get("ETag")
	}
	first, again := etag(), etag()
	text = "two"
	if other := etag(); first == "" || first != again || first == other {
		t.Errorf("ETags of one, one, two = %s, %s, %s", first, again, other)
	}
}

func TestAnswerIsNotModifiedForWhoHasIt(t *testing.T) {
	f := answering(t, func(w http.ResponseWriter, r *http.Request) error {
		return fragments.JSON(w, r, "hi", fragments.Answer{ETag: `W/"v5, \"`, Groups: []string{"a"}})
	})
	tests := []struct {
		name  string
		lines []string
		want  int
	}{
		{"no tag", nil, 200},
		{"the tag", []string{`W/"v5, \"`}, 304},
		{"the tag, strong", []string{`"v5, \"`}, 304},
		{"among others", []string{`"a", W/"b",W/"v5, \" , "c"`}, 304},
		{"in a second line", []string{`"a"`, `"v5, \"`}, 304},
		{"any", []string{" * "}, 304},
		{"others", []string{`"v5"`, `"v6"`}, 200},
		{"a part of the tag", []string{`"v5,`}, 200},
		{"without quotes", []string{`v5`}, 200},
		{"nothing between commas", []string{`,, ,`}, 200},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), "GET", "/it", nil)
			r.Header["If-None-Match"] = test.lines
			w := serve(f, r)
			if w.Code != test.want {
				t.Errorf("If-None-Match %q = %d; want %d", test.lines, w.Code, test.want)
			}
			if w.Code == 304 && (w.Body.Len() > 0 || w.Header().Get("ETag") == "" || w.Header().Get("Cache-Groups") == "") {
				t.Errorf("304 with body %q and headers %v", w.Body, w.Header())
			}
		})
	}
}

func TestTextIsEscaped(t *testing.T) {
	f := answering(t, func(w http.ResponseWriter, r *http.Request) error {
		return fragments.Text(w, r, `</title><script>"`, fragments.Answer{})
	})
	w := serve(f, httptest.NewRequestWithContext(t.Context(), "GET", "/it", nil))
	if want := `&lt;/title&gt;&lt;script&gt;&#34;`; w.Body.String() != want {
		t.Errorf("Text = %q; want %q", w.Body, want)
	}
}

func TestErrorsOnTheWayAreErrorAnswers(t *testing.T) {
	broken := templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, _ = io.WriteString(w, "half a page")
		return errors.New("no more")
	})
	tests := []struct {
		name   string
		handle func(http.ResponseWriter, *http.Request) error
	}{
		{"a component that fails", func(w http.ResponseWriter, r *http.Request) error {
			return fragments.HTML(w, r, broken, fragments.Answer{})
		}},
		{"a value without JSON", func(w http.ResponseWriter, r *http.Request) error {
			return fragments.JSON(w, r, func() {}, fragments.Answer{})
		}},
		{"a group that no header can name", func(w http.ResponseWriter, r *http.Request) error {
			return fragments.Text(w, r, "half a page", fragments.Answer{Groups: []string{"größe"}})
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			log := captureLog(t)
			w := serve(answering(t, test.handle), httptest.NewRequestWithContext(t.Context(), "GET", "/it", nil))
			if w.Code != 500 || strings.Contains(w.Body.String(), "half a page") {
				t.Errorf("answer = %d %q; want 500 and nothing of the page", w.Code, w.Body)
			}
			if log.Len() == 0 {
				t.Error("nothing was logged")
			}
		})
	}
}

func TestSeeOtherGoesBackToAPageOfThisSite(t *testing.T) {
	tests := []struct{ name, referer, want string }{
		{"a page", "http://shop.example/products/1", "/products/1"},
		{"a page with a query", "http://shop.example/?q=mug&page=2", "/?q=mug&page=2"},
		{"only a path", "/cart", "/cart"},
		{"nothing", "", "/fallback"},
		{"another site's path only", "https://evil.example/x", "/x"},
		{"two slashes", "http://shop.example//evil.example", "/fallback"},
		{"a slash and a backslash", `http://shop.example/\evil.example`, "/%5Cevil.example"},
		{"no path", "http://shop.example", "/fallback"},
		{"a REST route", "http://shop.example/api/cart", "/fallback"},
		{"a scheme without a host", "javascript:alert(1)", "/fallback"},
		{"what is no URL", "http://[", "/fallback"},
		{"a line break", "/a%0d%0aSet-Cookie:x", "/a%0d%0aSet-Cookie:x"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), "POST", "/", nil)
			r.Header.Set("Referer", test.referer)
			w := httptest.NewRecorder()
			if err := fragments.SeeOther(w, r, "/fallback", fragments.Answer{Changed: []string{"a"}}); err != nil {
				t.Fatal(err)
			}
			if got := w.Header().Get("Location"); w.Code != 303 || got != test.want {
				t.Errorf("SeeOther from %q = %d %q; want 303 %q", test.referer, w.Code, got, test.want)
			}
			if got := w.Header().Get("Cache-Group-Invalidation"); got != `"a"` {
				t.Errorf("Cache-Group-Invalidation = %s", got)
			}
		})
	}
}
