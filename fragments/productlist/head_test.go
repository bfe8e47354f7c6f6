package productlist_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestEveryListHasATitleAndOneAddress compares the heads of the pages of lists.
func TestEveryListHasATitleAndOneAddress(t *testing.T) {
	h := newFragment(t, newStore(t, products...))
	tests := []struct{ query, title, canonical, robots string }{
		{"", "All goods · Selvedge", "/products", ""},
		{"?page=2&perPage=3", "All goods, page 2 · Selvedge", "/products?page=2", ""},
		{"?category=kitchen", "Kitchen · Selvedge", "/products?category=kitchen", ""},
		{"?category=kitchen&page=2&perPage=1&sort=price&stock=1&min=1", "Kitchen, page 2 · Selvedge", "/products?category=kitchen&page=2", ""},
		{"?sort=newest&", "New in · Selvedge", "/new", ""},
		{"?sort=newest&page=2", "New in, page 2 · Selvedge", "/new?page=2", ""},
		{"?q=wool", "Results for “wool” · Selvedge", "/products?q=wool", "noindex"},
		{"?q=wool&category=bedroom", "Results for “wool” in Bedroom · Selvedge", "/products?category=bedroom&q=wool", "noindex"},
		{"?category=cars", "All goods · Selvedge", "/products", ""},
		{"?min=100&max=50", "All goods · Selvedge", "/products", ""},
		{"?q=%3C/title%3E", "Results for “</title>” · Selvedge", "/products?q=%3C%2Ftitle%3E", "noindex"},
	}
	for _, test := range tests {
		doc := page(t, h, "http://shop.example/head"+test.query)
		got := test
		got.title = doc.Find("title").Text()
		got.canonical = doc.Find("link[rel=canonical]").AttrOr("href", "")
		got.robots = doc.Find("meta[name=robots]").AttrOr("content", "")
		test.canonical = "http://shop.example" + test.canonical
		if diff := cmp.Diff(test, got, cmp.AllowUnexported(test)); diff != "" {
			t.Errorf("head%s (-want +got):\n%s", test.query, diff)
		}
		if doc.Find("meta[name=description]").Length() == 0 && test.robots == "" {
			t.Errorf("head%s has no description", test.query)
		}
	}
}

func TestTheFirstPicturesAreLoadedFirst(t *testing.T) {
	many := append(products[:4:4], product(5, "Bowl", "kitchen", 900, 1), product(6, "Plate", "kitchen", 800, 1))
	doc := page(t, newFragment(t, newStore(t, many...)), "/grid")
	var got []string
	for i := range doc.Find(".productcard-picture").Nodes {
		img := doc.Find(".productcard-picture").Eq(i)
		got = append(got, img.AttrOr("fetchpriority", "")+img.AttrOr("loading", ""))
	}
	if diff := cmp.Diff([]string{"high", "high", "high", "high", "lazy", "lazy"}, got); diff != "" {
		t.Errorf("pictures (-want +got):\n%s", diff)
	}
}
