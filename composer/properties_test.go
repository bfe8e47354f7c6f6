package composer_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer"
)

// Pages of an origin whose answers come late, in pieces that are cut anywhere,
// stored or not, are what a composer would write that asks for one after the
// other.
func TestPagesOfAnOriginEqualTheirSequentialComposition(t *testing.T) {
	const pages, visitors = 60, 3
	part := func(w http.ResponseWriter, r *http.Request) {
		id, failing, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		if failing == "true" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, _ = io.WriteString(w, "("+id+")")
	}
	synctest.Test(t, func(t *testing.T) {
		f := fragments{"page": chopped(randomPage), "nested": chopped(randomPage), "here": chopped(part), "there": chopped(part)}
		b := newBubble(t, composer.Options{MaxWait: time.Hour, PageTimeout: time.Hour}, f.origin)
		var all sync.WaitGroup
		for seed := range uint64(pages) {
			want := newModel(seed, 0)
			for range visitors {
				all.Go(func() {
					switch got := b.ask(t, fmt.Sprintf("GET /%d/0", seed)); {
					case want.fails && got.status != 502 && got.err == nil:
						t.Errorf("page %d = %d %q; want an error", seed, got.status, got.body)
					case !want.fails && (got.status != 200 || got.err != nil || got.body != want.body):
						t.Errorf("page %d = %d %q, %v; want %q", seed, got.status, got.body, got.err, want.body)
					}
				})
			}
		}
		all.Wait()
		time.Sleep(time.Hour)
	})
}

// chopped answers as another handler does, in pieces and late.
func chopped(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		whole := httptest.NewRecorder()
		h(whole, r)
		for name, values := range whole.Header() {
			w.Header()[name] = values
		}
		set(w, []string{"Cache-Control: max-age=60", "Cache-Control: no-store", "X: y"}[rand.IntN(3)])
		w.WriteHeader(whole.Code)
		for body := whole.Body.String(); body != ""; {
			n := 1 + rand.IntN(len(body))
			flushed(w, body[:n])
			body = body[n:]
			time.Sleep(rand.N(20 * time.Millisecond))
		}
	}
}

// An instruction that comes in two parts, of which one is not the template's,
// is none, wherever it is cut and however it comes.
func TestNoInstructionComesTogetherFromTwoParts(t *testing.T) {
	const instruction = `<esi:include src="/secret"/>`
	fragment := func(key string) string { return `<esi:include src="/echo?$(QUERY_STRING{` + key + `})"/>` }
	inVars := func(key string) string { return "<esi:vars>$(QUERY_STRING{" + key + "})</esi:vars>" }
	pages := []struct{ name, page string }{
		{"two variables", inVars("a") + inVars("b")},
		{"two variables in one place", "<esi:vars>$(QUERY_STRING{a})$(QUERY_STRING{b})</esi:vars>"},
		{"two fragments", fragment("a") + fragment("b")},
		{"a variable and a fragment", inVars("a") + fragment("b")},
		{"a fragment and a variable", fragment("a") + inVars("b")},
		{"two arguments", "<esi:vars>$(ESI_ARGS{a})$(ESI_ARGS{b})</esi:vars>"},
		{"a fragment in two pieces", `<esi:include src="/pieces?$(QUERY_STRING)"/>`},
		{"a fragment in two pieces in an attempt", try(`<esi:include src="/pieces?$(QUERY_STRING)"/>`, "")},
		{"a fragment in a fragment that opts in", `<esi:include src="/nested?$(QUERY_STRING)"/>`},
	}
	var asked atomic.Int32
	handlers := paths{
		"/secret": func(w http.ResponseWriter, _ *http.Request) { asked.Add(1); _, _ = io.WriteString(w, "secret") },
		"/echo": func(w http.ResponseWriter, r *http.Request) {
			text, _ := url.QueryUnescape(r.URL.RawQuery)
			_, _ = io.WriteString(w, text)
		},
		"/pieces": func(w http.ResponseWriter, r *http.Request) {
			flushed(w, r.URL.Query().Get("a"))
			_, _ = io.WriteString(w, r.URL.Query().Get("b"))
		},
		"/nested": func(w http.ResponseWriter, r *http.Request) {
			template(`<esi:include src="/pieces?`+r.URL.RawQuery+`"/>`)(w, r)
		},
	}
	for i, page := range pages {
		handlers[fmt.Sprint("/", i)] = template(page.page)
	}
	s := newProxy(t, patient, handlers.serve)
	for i, page := range pages {
		t.Run(page.name, func(t *testing.T) {
			for cut := range len(instruction) {
				a, b := url.QueryEscape(instruction[:cut]), url.QueryEscape(instruction[cut:])
				got := s.get(t, fmt.Sprintf("/%d?a=%s&b=%s&esi_a=%s&esi_b=%s", i, a, b, a, b))
				if plain := unescaped(got.body); plain != instruction || got.status != 200 {
					t.Errorf("cut at %d: page = %d %q; want the instruction as text", cut, got.status, got.body)
				}
			}
		})
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("the secret was asked for %d times", n)
	}
}

// unescaped reads the entities of a text.
func unescaped(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&#34;", `"`, "&amp;", "&").Replace(s)
}
