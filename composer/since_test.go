package composer_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer"
)

// edition is a fragment without a revision, whose text changes and nobody says
// so. It is stored for an hour.
type edition struct {
	number atomic.Int64
	asked  atomic.Int64
	broken atomic.Bool
}

func (e *edition) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.asked.Add(1)
	if e.broken.Load() {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	etag := fmt.Sprintf("\"%d\"", e.number.Load())
	w.Header().Set("Cache-Control", "max-age=3600, stale-if-error=3600")
	w.Header().Set("Cache-Groups", `"news"`)
	w.Header().Set("ETag", etag)
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = fmt.Fprintf(w, `<p id="news">%d</p>`, e.number.Load())
}

func TestRenderTakesNothingFromBefore(t *testing.T) {
	for _, reference := range []string{"/fragments/news/a", "/fragments/outer/a"} {
		t.Run(reference, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				news := new(edition)
				c := newComposer(t, composer.Options{}, fragments{
					"news":  news.ServeHTTP,
					"outer": template(`<div id="o"><esi:include src="/fragments/news/a"/></div>`),
				}, nil)
				render := func(since time.Time, asked int64, text string) {
					t.Helper()
					got, err := c.Render(t.Context(), composer.View{Reference: reference}, since)
					if err != nil {
						t.Fatal(err)
					}
					if news.asked.Load() != asked || !slices.Contains([]string{`<p id="news">` + text + `</p>`, `<div id="o"><p id="news">` + text + `</p></div>`}, string(got.Body)) {
						t.Errorf("since %v: %s after %d questions; want %s after %d", since, got.Body, news.asked.Load(), text, asked)
					}
					if got.Date.Before(since) || got.Date.After(time.Now()) {
						t.Errorf("the answer to what is wanted since %v is of %v", since, got.Date)
					}
				}
				render(time.Time{}, 1, "0")
				first := time.Now()
				time.Sleep(time.Minute)
				news.number.Store(1)
				render(time.Time{}, 1, "0")
				render(first, 1, "0")
				render(first.Add(time.Second), 2, "1")
				render(first.Add(2*time.Second), 2, "1")
				time.Sleep(time.Minute)
				render(time.Now(), 3, "1") // a 304
				time.Sleep(time.Minute)
				render(time.Now().Add(-time.Minute), 3, "1")
			})
		})
	}
}

func TestRenderIsNoLessThanWasWantedWhenTheFragmentFails(t *testing.T) {
	for _, reference := range []string{"/fragments/news/a", "/fragments/outer/a"} {
		synctest.Test(t, func(t *testing.T) {
			news := new(edition)
			c := newComposer(t, composer.Options{}, fragments{
				"news":  news.ServeHTTP,
				"outer": template(`<div id="o"><esi:include src="/fragments/news/a"/></div>`),
			}, nil)
			view := composer.View{Reference: reference}
			if _, err := c.Render(t.Context(), view, time.Time{}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Minute)
			news.broken.Store(true)
			if got, err := c.Render(t.Context(), view, time.Now()); err == nil {
				t.Errorf("%s is %s although the fragment fails; want an error", reference, got.Body)
			}
			if _, err := c.Render(t.Context(), view, time.Time{}); err != nil {
				t.Errorf("%s with what is stored: %v", reference, err)
			}
		})
	}
}

// TestAViewOfATokenHasTheDateOfItsAnswer has a page that shows a stored answer.
func TestAViewOfATokenHasTheDateOfItsAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newComposer(t, composer.Options{PageTimeout: 2 * time.Second}, fragments{
			"page": template(`<esi:include src="/fragments/news/a"/><esi:vars>[$(SELVEDGE_PAGE)]</esi:vars>`),
			"news": new(edition).ServeHTTP,
		}, nil)
		date := func() time.Time {
			t.Helper()
			got, err := c.ReadToken(present(t, c, alice), tokenOf(t, c))
			if err != nil || len(got.Views) != 1 {
				t.Fatalf("ReadToken = %+v, %v; want one view", got, err)
			}
			return got.Views[0].Date
		}
		begin := time.Now()
		if got := date().Sub(begin); got < 0 || got > time.Millisecond {
			t.Errorf("what was fetched for the page is dated %v after that; want no later", got)
		}
		time.Sleep(time.Hour / 2)
		if got := date().Sub(begin); got < 2*time.Second || got > 2*time.Second+time.Millisecond {
			t.Errorf("what was stored is dated %v after it was fetched; want the 2 s that a fetch may take", got)
		}
	})
}

func TestAnotherVersionChangesAllViewsOfAFragment(t *testing.T) {
	registry := composer.NewRegistry()
	version := func(text string) composer.Source {
		return composer.Source{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Cache-Control", "max-age=3600")
			_, _ = io.WriteString(w, text)
		})}
	}
	add := func(name, number, text string) {
		t.Helper()
		if err := registry.Add(name, number, version(text)); err != nil {
			t.Fatal(err)
		}
	}
	add("news", "1.0.0", "one")
	var told []string
	c, err := composer.New(registry, composer.Options{Invalidated: func(groups []string) { told = append(told, groups...) }})
	if err != nil {
		t.Fatal(err)
	}
	render := func() composer.Rendered {
		t.Helper()
		got, err := c.Render(t.Context(), composer.View{Reference: "/fragments/news/a"}, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	before := render()
	add("news", "1.1.0", "two")
	if !slices.Equal(told, before.Groups) || len(told) != 1 {
		t.Errorf("Invalidated is told of %q; want the group of the view, %q", told, before.Groups)
	}
	if got := render(); string(got.Body) != "two" {
		t.Errorf("the view is %s with the later version; want two", got.Body)
	}
	add("other", "1.0.0", "")
	if slices.Equal(told[1:], before.Groups) {
		t.Errorf("Invalidated is told of %q when another fragment is added", told[1:])
	}
	c.Close()
	told = nil
	add("news", "1.2.0", "three")
	if told != nil {
		t.Errorf("a closed composer tells of %q; want nothing", told)
	}
}

// TestRenderSaysWhatAViewContains has a fragment with two others within it, one
// of which is each visitor's own.
func TestRenderSaysWhatAViewContains(t *testing.T) {
	linked := func(link string, h http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Link", link)
			h(w, r)
		}
	}
	c := newComposer(t, composer.Options{Epoch: "e"}, fragments{
		"page": template(`<esi:include src="/fragments/outer/a"/><esi:vars>[$(SELVEDGE_PAGE)]</esi:vars>`),
		"outer": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Cache-Groups", `"outer"`)
			linked("</outer.css>; rel=preload; as=style, <https://elsewhere.example/x.css>; rel=stylesheet",
				template(`<div id="o"><esi:include src="/fragments/stock/1"/><esi:include src="/fragments/own/a"/></div>`))(w, r)
		},
		"stock": linked("</stock.css>; rel=stylesheet, </stock.js>; rel=preload; as=script",
			view(`<p id="stock" data-revision="4">4</p>`, "public", "product:1")),
		"own": func(w http.ResponseWriter, r *http.Request) {
			view(`<p id="own">`+r.Header.Get("Cookie")+`</p>`, "private", "own")(w, r)
		},
	}, nil)
	cookie := "Cookie: selvedge-session=" + alice + "\n"
	got, err := c.Render(t.Context(), composer.View{Reference: "/fragments/outer/a", Variant: cookie}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"/outer.css", "/stock.css"}; !slices.Equal(got.Styles, want) {
		t.Errorf("Styles = %q; want %q", got.Styles, want)
	}
	within := []composer.View{{Reference: "/fragments/stock/1"}, {Reference: "/fragments/own/a", Variant: cookie}}
	if views := viewsOf(got.Views); !slices.Equal(views, within) {
		t.Errorf("Views = %+v; want %+v", views, within)
	}
	if len(got.Views) == 2 && (got.Views[0].Revision != 4 || got.Views[0].ETag == "" || time.Since(got.Views[0].Date) > time.Minute) {
		t.Errorf("the view within is %+v; want it as it is rendered", got.Views[0])
	}

	token, err := c.ReadToken(present(t, c, alice), tokenOf(t, c))
	if err != nil {
		t.Fatal(err)
	}
	want := append([]composer.View{{Reference: "/fragments/outer/a", Variant: cookie}}, within...)
	if views := viewsOf(token.Views); !slices.Equal(views, want) {
		t.Errorf("the page shows %+v; want %+v: what contains a visitor's own fragment is their own", views, want)
	}
}

func viewsOf(shown []composer.Shown) (views []composer.View) {
	for _, s := range shown {
		views = append(views, s.View)
	}
	return views
}
