package composer_test

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"selvedge/composer"
)

// Many pages at once, of fragments that answer after random times, fail at
// random and nest at random, are what a composer would write that asks for one
// fragment after the other.
func TestPagesEqualTheirSequentialComposition(t *testing.T) {
	const pages, clients = 200, 16
	s := newSite(t, composer.Options{MaxWait: time.Minute, PageTimeout: time.Minute}, fragments{"page": randomPage, "nested": randomPage, "here": randomPart},
		map[string]composer.Source{"there": {URL: remote(t, randomPart)}})
	seeds := make(chan uint64)
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			for seed := range seeds {
				want := newModel(seed, 0)
				switch got := s.get(t, fmt.Sprintf("/%d/0", seed)); {
				case want.fails && got.status != 502 && !errors.Is(got.err, io.ErrUnexpectedEOF):
					t.Errorf("page %d = %d %q, %v; want an error", seed, got.status, got.body, got.err)
				case !want.fails && (got.status != 200 || got.err != nil || got.body != want.body):
					t.Errorf("page %d = %d %q, %v; want %q", seed, got.status, got.body, got.err, want.body)
				}
			}
		})
	}
	for seed := range uint64(pages) {
		seeds <- seed
	}
	close(seeds)
	all.Wait()
}

// model is a page's template and what it comes to.
type model struct {
	template string
	body     string
	fails    bool
}

func newModel(seed uint64, depth int) model {
	var m model
	random := rand.New(rand.NewPCG(seed, uint64(depth)))
	for i := range 1 + random.IntN(8) {
		m.text(fmt.Sprintf("<%d.%d.%d>", seed, depth, i))
		id, fails := random.Uint64()%1_000_000, random.IntN(8) == 0
		name := []string{"here", "there"}[random.IntN(2)]
		src, body := fmt.Sprintf("/fragments/%s/%d/%v", name, id, fails), fmt.Sprintf("(%d)", id)
		if depth < 3 && random.IntN(4) == 0 {
			inner := newModel(id, depth+1)
			src, body, fails = fmt.Sprintf("/fragments/nested/%d/%d", id, depth+1), inner.body, false
			m.fails = m.fails || inner.fails
		}
		m.include(random.IntN(20), src, body, fails)
	}
	return m
}

func (m *model) text(s string) { m.template += s; m.body += s }

func (m *model) include(fallback int, src, body string, fails bool) {
	alt := strings.Replace(src, "/true", "/false", 1)
	switch {
	case fallback == 0:
		m.template += fmt.Sprintf(`<esi:include src="%s"/>`, src)
		m.fails = m.fails || fails
	case fallback < 7:
		m.template += fmt.Sprintf(`<esi:include src="%s" alt="%s"/>`, src, alt)
		fails = false
	case fallback < 14:
		m.template += fmt.Sprintf(`<esi:include src="%s">[<esi:include src="%s"/>]</esi:include>`, src, alt)
		if fails {
			body, fails = "["+body+"]", false
		}
	default:
		m.template += fmt.Sprintf(`<esi:include src="%s" onerror="continue"/>`, src)
	}
	if !fails {
		m.body += body
	}
}

// randomPage answers /SEED/DEPTH with the template of a model.
func randomPage(w http.ResponseWriter, r *http.Request) {
	var seed uint64
	var depth int
	_, _ = fmt.Sscanf(r.URL.Path, "/%d/%d", &seed, &depth)
	dawdle()
	template(newModel(seed, depth).template)(w, r)
}

// randomPart answers /ID/FAILS after a while.
func randomPart(w http.ResponseWriter, r *http.Request) {
	dawdle()
	id, fails, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch {
	case fails != "true":
		_, _ = io.WriteString(w, "("+id+")")
	case rand.IntN(2) == 0:
		encoded(w, r)
	default: // nothing that counts against the source, or it would be asked no more
		status(404, "secret")(w, r)
	}
}

func dawdle() { <-time.After(rand.N(3 * time.Millisecond)) }
