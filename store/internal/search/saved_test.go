package search

import (
	"crypto/sha256"
	"fmt"
	"reflect"
	"testing"
)

func TestASavedIndexIsTheSame(t *testing.T) {
	b := NewBuilder()
	b.Add(Product{ID: 3, Name: "Café mug", Category: "kitchen", Texts: []string{"Holds 340 ml."}, Price: 1450, Added: 9, InStock: true})
	b.Add(Product{ID: 7, Name: "Oak stool", Category: "living", Texts: []string{"A mug stands on it."}, Price: 900, Added: 12})
	for name, x := range map[string]*Index{"two products": b.Build(42), "none": NewBuilder().Build(1)} {
		encoded, err := x.Encode()
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode(encoded)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"", "mug", "mugs oak", "stol", "340ml"} {
			q := Query{Text: text, Order: ByRelevance, Page: 1, PerPage: 10}
			if want, hits := x.Find(q), got.Find(q); !reflect.DeepEqual(hits, want) {
				t.Errorf("%s: Find(%q) = %+v; want %+v", name, text, hits, want)
			}
		}
		if got.Last() != x.Last() {
			t.Errorf("%s: Last = %d; want %d", name, got.Last(), x.Last())
		}
	}
}

func TestWhatIsNoIndexIsNotDecoded(t *testing.T) {
	for _, encoded := range []string{"", "broken"} {
		if x, err := Decode([]byte(encoded)); err == nil {
			t.Errorf("Decode(%q) = %v; want an error", encoded, x)
		}
	}
}

// TestFormatOfAnIndex notices that an index of the same products is another one,
// which programs of before must not take for theirs.
func TestFormatOfAnIndex(t *testing.T) {
	b := NewBuilder()
	b.Add(Product{ID: 3, Name: "Café mugs, Baker’s", Category: "kitchen", Texts: []string{"Size: 9.5 × 1,240 cm, 20cm"}, Price: 1450, Added: 9, InStock: true})
	b.Add(Product{ID: 7, Name: "Roll-top knives", Category: "living", Texts: []string{"The mug for E27."}, Price: 900, Added: 12})
	sum := sha256.Sum256(fmt.Appendf(nil, "%+v", b.Build(42).saved()))
	if got, want := fmt.Sprintf("%d: %.4x", Format, sum), "1: f94776c0"; got != want {
		t.Errorf("the format is %s; want %s: count Format up, and then change this test", got, want)
	}
}
