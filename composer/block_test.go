package composer_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"selvedge/composer"
)

// newCards returns a site whose page has thirty cards, which each change when they
// are invalidated, a part that is each visitor's own, and a token.
func newCards(t *testing.T, o composer.Options) *site {
	var page strings.Builder
	page.WriteString(`<!doctype html><esi:vars>$(SELVEDGE_STYLES)</esi:vars><title>Cards</title><esi:include src="/fragments/name/"/>`)
	for i := range 30 {
		_, _ = fmt.Fprintf(&page, "<li class=\"card\"><esi:include src=\"/fragments/card/%d?$(QUERY_STRING)\"/></li>\n", i)
	}
	page.WriteString(`<esi:vars><p id="live" data-page="$(SELVEDGE_PAGE)"></p></esi:vars>`)
	o.Cookies = []string{"name"}
	made := new(atomic.Int64)
	return newSite(t, o, fragments{
		"page": func(w http.ResponseWriter, r *http.Request) {
			set(w, "Cache-Control: max-age=60")
			template(page.String())(w, r)
		},
		"card": func(w http.ResponseWriter, r *http.Request) {
			set(w, "Content-Type: text/html", "Cache-Control: max-age=60", "Link: </card.css>; rel=preload; as=style", `Cache-Groups: "`+r.URL.Path[1:]+`"`)
			_, _ = fmt.Fprintf(w, `<div class="card-body"><a href="/cards/%[1]s"><img src="/cards/%[1]s.svg" alt="" loading="lazy" width="640" height="480"></a>`+
				`<data class="price" value="%[1]s00">€ %[1]s.00</data><span class="stock">in stock: %[2]d</span></div>`, r.URL.Path[1:], made.Add(1))
		},
		"name": func(w http.ResponseWriter, r *http.Request) {
			set(w, "Content-Type: text/html", "Cache-Control: private, max-age=60", "Vary: Cookie")
			name := "nobody"
			if cookie, err := r.Cookie("name"); err == nil {
				name = cookie.Value
			}
			_, _ = io.WriteString(w, strings.Repeat("<p>The name of this visitor is "+name+".</p>", 20))
		},
	}, nil)
}

// compressed asks for a page as a browser does, and returns it with its length on
// the wire. On a busy machine a page can leave in pieces, each compressed alone, and is
// asked for again.
func (s *site) compressed(t *testing.T, target, name string) (page string, length int) {
	t.Helper()
	for {
		r := s.request(t, http.MethodGet, target, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		r.AddCookie(&http.Cookie{Name: "name", Value: name})
		a := s.do(t, r)
		composer.AwaitBlocks(s.Composer)
		if a.header.Get("Content-Length") != "" || a.status != http.StatusOK {
			return unpacked(t, a.body), len(a.body)
		}
	}
}

func gzipLength(t *testing.T, text string) int {
	t.Helper()
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, 6)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(w, text)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Len()
}

// TestStoredNeighborsAreCompressedAsOne wants a page of many small fragments to
// take at most 1.3 times what it takes when it is compressed in one pass, for
// visitors who have not been there too.
func TestStoredNeighborsAreCompressedAsOne(t *testing.T) {
	s := newCards(t, composer.Options{})
	for range 5 { // they are stored, seen together, and compressed: one block with each page, of three
		s.compressed(t, "/", "ann")
	}
	s.compressed(t, "/", "bob") // whose own part is stored
	for _, name := range []string{"ann", "bob"} {
		page, length := s.compressed(t, "/", name)
		if !strings.Contains(page, name) || strings.Count(page, "card-body") != 30 {
			t.Errorf("the page of %s is %q", name, page)
		}
		if best := gzipLength(t, page); 10*length > 13*best {
			t.Errorf("the page of %s takes %d bytes; want at most 1.3 times the %d of one pass", name, length, best)
		}
	}
}

// TestABlockShowsWhatThePageDoes changes one fragment after the other.
func TestABlockShowsWhatThePageDoes(t *testing.T) {
	s := newCards(t, composer.Options{})
	s.compressed(t, "/", "ann")
	for i := range 30 {
		s.Invalidate(fmt.Sprint(i))
		for range 4 {
			page, _ := s.compressed(t, "/", "ann")
			if want := fmt.Sprintf("cards/%d.svg", i); !strings.Contains(page, want) || !strings.Contains(page, fmt.Sprintf("in stock: %d<", 31+i)) {
				t.Fatalf("after card %d has changed the page is %q; want its new text", i, page)
			}
		}
	}
}

// TestBlocksHaveABound asks for pages that have nothing in common.
func TestBlocksHaveABound(t *testing.T) {
	const size = 1 << 20
	s := newCards(t, composer.Options{CacheSize: size})
	for i := range 100 {
		for range 3 {
			s.compressed(t, fmt.Sprintf("/?page=%d", i), "ann")
		}
	}
	if weight := composer.BlocksWeight(s.Composer); weight > size/8 || weight == 0 {
		t.Errorf("the blocks of 100 pages take %d bytes; want some, and at most %d", weight, size/8)
	}
}
