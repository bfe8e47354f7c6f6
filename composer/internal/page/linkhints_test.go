package page

import (
	"slices"
	"strconv"
	"sync"
	"testing"
)

func someHints(t testing.TB) *linkHints {
	t.Helper()
	h, err := newLinkHints()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestHintsAreThoseOfTheLastRun(t *testing.T) {
	h := someHints(t)
	steps := []struct {
		name, page string
		learn      []string
		want       []string
	}{
		{"nothing to say", "/", nil, nil},
		{"something", "/", []string{"</a.css>", "</b.css>"}, []string{"</a.css>", "</b.css>"}},
		{"the same", "/", []string{"</a.css>", "</b.css>"}, []string{"</a.css>", "</b.css>"}},
		{"in another order", "/", []string{"</b.css>", "</a.css>"}, []string{"</b.css>", "</a.css>"}},
		{"another page", "/cart", []string{"</c.css>"}, []string{"</c.css>"}},
		{"nothing any more", "/", nil, nil},
		{"nothing, once more", "/", []string{}, nil},
	}
	for _, step := range steps {
		h.learn(step.page, step.learn)
		if got := h.of(step.page); !slices.Equal(got, step.want) {
			t.Errorf("%s: of(%q) = %q; want %q", step.name, step.page, got, step.want)
		}
	}
	if got := h.of("/cart"); len(got) != 1 {
		t.Errorf("of the other page = %q; want it untouched", got)
	}
}

func TestHintsKeepWhatTheyWereGiven(t *testing.T) {
	h, links := someHints(t), []string{"</a.css>"}
	h.learn("/", links)
	links[0] = "</b.css>"
	if got := h.of("/"); got[0] != "</a.css>" {
		t.Errorf("of = %q; want what it was when it was learned", got)
	}
}

func TestHintsAreBounded(t *testing.T) {
	h := someHints(t)
	for i := range 3 * maxHintedPages {
		h.learn("/"+strconv.Itoa(i), []string{"</a.css>"})
	}
	h.byPage.CleanUp()
	if n := h.byPage.EstimatedSize(); n > maxHintedPages || n < maxHintedPages/2 {
		t.Errorf("%d pages are remembered; want at most %d, and not much less", n, maxHintedPages)
	}
}

func TestHintsOfManyAtOnce(t *testing.T) {
	h := someHints(t)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for j := range 1000 {
				h.learn("/", []string{"</" + strconv.Itoa((i+j)%2) + ".css>"})
				if got := h.of("/"); len(got) != 1 {
					t.Errorf("of = %q; want one link", got)
				}
			}
		})
	}
	all.Wait()
}

// BenchmarkHints asks for what a page is known to want, and learns nothing new.
func BenchmarkHints(b *testing.B) {
	h, links := someHints(b), []string{"</a.css>; rel=preload; as=style", "</b.css>; rel=preload; as=style"}
	h.learn("/", links)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			h.learn("/", links)
			if len(h.of("/")) != 2 {
				b.Error("the page is not known")
			}
		}
	})
}
