package productlist_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
)

func TestAnEmptyResultLeadsOn(t *testing.T) {
	h := newFragment(t, newStore(t, products...))
	const all = " | Show all products → /products"
	for _, tt := range []struct{ name, query, want string }{
		{"Other texts are suggested, and the categories of the shop.", "?q=blkanet",
			"Did you mean: blanket → /products?q=blanket" + all +
				" | Categories that have something: Bedroom 1 product → /products?category=bedroom, Kitchen 3 products → /products?category=kitchen"},
		{"Nothing like it leaves the categories.", "?q=%25",
			"Show all products → /products | Categories that have something: Bedroom 1 product → /products?category=bedroom, Kitchen 3 products → /products?category=kitchen"},
		{"Filters leave what is found without them.", "?q=mug&min=500",
			"Show 1 product without filters → /products?q=mug" + all + " | Categories that have “mug”: Kitchen 1 product → /products?category=kitchen&q=mug"},
		{"So does a category.", "?q=wool&category=kitchen",
			"Show 1 product without filters → /products?q=wool" + all + " | Categories that have “wool”: Bedroom 1 product → /products?category=bedroom&q=wool"},
		{"Filters alone leave the categories.", "?min=900",
			"Show all products → /products | Categories that have something: Bedroom 1 product → /products?category=bedroom, Kitchen 3 products → /products?category=kitchen"},
	} {
		doc := page(t, h, "/grid"+tt.query)
		if got := leads(doc.Find(".productlist-empty")); got != tt.want {
			t.Errorf("%s grid%s leads to\n%s; want\n%s", tt.name, tt.query, got, tt.want)
		}
		if doc.Find(".productlist-grid, .productlist-pages").Length() != 0 {
			t.Errorf("grid%s is empty and shows a grid or pages", tt.query)
		}
	}
}

// leads prints the lists of an empty result by their headings, and its other links.
func leads(empty *goquery.Selection) string {
	var parts []string
	empty.Find("ul, .productlist-actions a").Each(func(_ int, s *goquery.Selection) {
		links := s.Find("a").AddSelection(s.Filter("a"))
		texts := links.Map(func(_ int, a *goquery.Selection) string {
			return strings.Join(strings.Fields(a.Text()), " ") + " → " + a.AttrOr("href", "")
		})
		part := strings.Join(texts, ", ")
		if id, ok := s.Attr("aria-labelledby"); ok {
			part = empty.Find("#"+id).Text() + ": " + part
		}
		parts = append(parts, part)
	})
	return strings.Join(parts, " | ")
}

func TestASearchForSomethingElseIsSaid(t *testing.T) {
	h := newFragment(t, newStore(t, products...))
	for query, want := range map[string]string{
		"wool blnket":  "No product has “wool blnket”, so we searched for “wool blanket”.",
		"wool blanket": "",
		"spaceship":    "",
	} {
		got := page(t, h, "/grid?q="+url.QueryEscape(query)).Find(".productlist-note").Text()
		if got != want {
			t.Errorf("note for %q = %q; want %q", query, got, want)
		}
	}
}

func TestAPISaysWhatElseThereIs(t *testing.T) {
	h := newFragment(t, newStore(t, products...))
	type answer struct {
		Total       int
		Corrected   string
		Suggestions []string
	}
	for query, want := range map[string]answer{
		"blnket":  {1, "blanket", nil},
		"blkanet": {0, "", []string{"blanket"}},
		"blanket": {1, "", nil},
	} {
		var got answer
		if err := json.NewDecoder(get(h, "/api/products?q="+query).Body).Decode(&got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("products for %q (-want +got):\n%s", query, diff)
		}
	}
}
