package composer_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer"
)

func TestNothingGoesOnForAVisitorWhoLeaves(t *testing.T) {
	tests := []struct {
		name, target string
		requests     int32 // that hang
	}{
		{"includes", "/includes", 3},
		{"includes of includes", "/nested", 3},
		{"includes of attempts", "/attempts", 2},
		{"includes of what has not all come", "/parent", 2},
		{"includes that have begun", "/begun", 2},
		{"a template", "/slow?template", 1},
		{"a template that has begun", "/template", 1},
		{"a document", "/slow", 1},
		{"a document that has begun and is not stored", "/document", 1},
		{"a document that has begun and would be stored", "/storable", 1},
	}
	const slow = `<esi:include src="/slow?1"/><esi:include src="/slow?2" onerror="continue"/><esi:include src="/slow?3" maxwait="100000">late</esi:include>`
	for _, store := range []int{0, -1} {
		for _, test := range tests {
			t.Run(fmt.Sprint(test.name, ", with a cache of ", store), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var hanging watched
					b := newBubble(t, patient, paths{
						"/slow":     hanging.hang(""),
						"/includes": template("a" + slow),
						"/nested":   template(`<esi:include src="/includes"/>`),
						"/attempts": template(try(`<esi:include src="/slow?4"/>`, "") + "b" + try(`<esi:include src="/slow?5"/>`, "")),
						"/parent":   template(`<esi:include src="/coming">late</esi:include>`),
						"/coming":   template1(hanging.hang(`a<esi:include src="/slow"/>`)),
						"/begun":    template(`<esi:include src="/document?1"/>` + try(`<esi:include src="/document?2"/>`, "")),
						"/template": template1(hanging.hang("a")),
						"/document": hanging.hang("a"),
						"/storable": with("Cache-Control: max-age=60", hanging.hang("a")),
					}.serve)
					ctx, leave := context.WithCancel(t.Context())
					var left atomic.Bool
					go func() {
						b.askWithin(ctx, "GET "+test.target)
						left.Store(true)
					}()
					time.Sleep(time.Second)
					if asked := hanging.asked.Load(); asked != test.requests {
						t.Errorf("%d requests hang; want %d", asked, test.requests)
					}
					leave()
					synctest.Wait() // in which no time passes
					if n := hanging.givenUp.Load(); n != test.requests || !left.Load() {
						t.Errorf("%d of %d requests were given up, the visitor was let go: %v", n, test.requests, left.Load())
					}
				})
			})
		}
	}
}

func TestPagesWithNestedIncludesShareFewPlaces(t *testing.T) {
	const pages, includes, places = 1000, 10, 8
	var now, most, asked atomic.Int32
	origin := func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		for n, m := now.Add(1), most.Load(); n > m && !most.CompareAndSwap(m, n); {
			m = most.Load()
		}
		defer now.Add(-1)
		switch r.URL.Path {
		case "/page":
			template(strings.Repeat(`<esi:include src="/outer?$(QUERY_STRING)"/>`, includes))(w, r)
		case "/outer":
			set(w, "Content-Type: text/html", `Surrogate-Control: content="ESI/1.0"`)
			flushed(w, `(<esi:include src="/inner?`+r.URL.RawQuery+`"/>`)
			time.Sleep(time.Millisecond)
			_, _ = io.WriteString(w, ")")
		case "/inner":
			flushed(w, "i")
			time.Sleep(time.Millisecond)
			_, _ = io.WriteString(w, "n")
		}
	}
	synctest.Test(t, func(t *testing.T) {
		b := newBubble(t, composer.Options{MaxInFlight: places, MaxWait: time.Hour, PageTimeout: time.Hour, ActionTimeout: time.Hour}, origin)
		var all sync.WaitGroup
		for i := range pages {
			all.Go(func() {
				if got, want := b.ask(t, fmt.Sprint("GET /page?", i)), strings.Repeat("(in)", includes); got.status != 200 || got.body != want {
					t.Errorf("page %d = %d %q; want %q", i, got.status, got.body, want)
				}
			})
		}
		all.Wait()
		if n, want := asked.Load(), int32(pages*(1+2*includes)); n != want {
			t.Errorf("the origin had %d requests; want %d", n, want)
		}
		if n := most.Load(); n != places {
			t.Errorf("the origin had %d requests at a time; want %d", n, places)
		}
	})
}
