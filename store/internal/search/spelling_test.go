package search

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestNear compares the walk over the vocabulary with the distances to all words.
func TestNear(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	word := func() string {
		letters := make([]rune, 1+r.IntN(6))
		for i := range letters {
			letters[i] = []rune("abcé")[r.IntN(4)]
		}
		return string(letters)
	}
	x := &Index{}
	for range 400 {
		x.words = append(x.words, word())
	}
	slices.Sort(x.words)
	x.words = slices.Compact(x.words)
	for range 300 {
		w, most := word(), 1+r.IntN(2)
		got := map[string]int{}
		x.near(w, most, func(i, distance int) { got[x.words[i]] = distance })
		for _, other := range x.words {
			want := distance([]rune(w), []rune(other))
			if d, ok := got[other]; ok != (want <= most) || ok && d != want {
				t.Fatalf("near(%q, %d): %q has distance %d, %t; want %d", w, most, other, d, ok, want)
			}
		}
	}
}

// distance is the number of mistakes by its definition.
func distance(a, b []rune) int {
	if len(a) == 0 || len(b) == 0 {
		return len(a) + len(b)
	}
	replaced := distance(a[1:], b[1:])
	if a[0] == b[0] {
		return replaced
	}
	d := 1 + min(replaced, distance(a[1:], b), distance(a, b[1:]))
	if len(a) > 1 && len(b) > 1 && a[0] == b[1] && a[1] == b[0] {
		d = min(d, 1+distance(a[2:], b[2:]))
	}
	return d
}

func TestCorrect(t *testing.T) {
	b := NewBuilder()
	b.Add(Product{ID: 1, Name: "Planter", Category: "garden", Texts: []string{"platter clatter basked power towel 20cm"}})
	b.Add(Product{ID: 2, Name: "Basket", Category: "garden"})
	x := b.Build(1)
	for _, tt := range []struct {
		name, word string
		mistakes   int
		want       string
	}{
		{"A word of a name comes before others.", "plater", 1, "planter"},
		{"The nearest comes before a name.", "clatters", 2, "clatter"},
		{"The same first letter comes before another.", "tower", 1, "towel"},
		{"Swapped neighbors are one mistake.", "baskte", 1, "basket"},
		{"Two mistakes are too many for one.", "basktse", 1, ""},
		{"No mistakes are none.", "baskte", 0, ""},
		{"A figure is not mistyped.", "21cm", 1, ""},
	} {
		if got := x.correct(tt.word, tt.mistakes); got != tt.want {
			t.Errorf("%s: correct(%q, %d) = %q; want %q", tt.name, tt.word, tt.mistakes, got, tt.want)
		}
	}
}
