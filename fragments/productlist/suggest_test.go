package productlist_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"selvedge/store/catalogue"
)

func TestSuggestions(t *testing.T) {
	h := newFragment(t, newStore(t, catalogue.Products()...))
	for _, tt := range []struct{ name, text, want string }{
		{"Goods are suggested, the best first.", "headph",
			"Closed-back headphones €279.00 → /products/7; Wireless headphones, sand €169.00 → /products/70"},
		{"A category is suggested by how it begins, and all goods where there are more.", "Ligh", "Lighting Category → /products?category=lighting; ..."},
		{"A mistyped word suggests what is meant.", "blnaket", "Loden wool blanket €139.00 → /products/3"},
		{"Where nothing is found, other words are suggested.", "blkanet", "blanket Did you mean → /products?q=blanket"},
		{"Nothing like it suggests nothing.", "spaceship", ""},
		{"Signs suggest nothing.", "%", ""},
		{"Nothing typed suggests nothing.", " ", ""},
		{"More than fits suggests nothing.", strings.Repeat("a", 201), ""},
	} {
		list := page(t, h, "/suggest?q="+url.QueryEscape(tt.text)).Find("[role=listbox][aria-label]")
		options := list.Find("a[role=option][tabindex='-1'][aria-selected=false]").Map(func(_ int, a *goquery.Selection) string {
			return strings.Join(strings.Fields(a.Text()), " ") + " → " + a.AttrOr("href", "")
		})
		got := strings.Join(options, "; ")
		if begins, more := strings.CutSuffix(tt.want, "..."); list.Length() != 1 || !strings.HasPrefix(got, begins) || !more && got != tt.want {
			t.Errorf("%s suggestions for %q are\n%s; want\n%s", tt.name, tt.text, got, tt.want)
		}
	}
}

func TestMoreThanIsSuggestedIsALink(t *testing.T) {
	h := newFragment(t, newStore(t, catalogue.Products()...))
	options := page(t, h, "/suggest?q=woo").Find("[role=option]")
	list := page(t, h, "/grid?q=woo")
	want := fmt.Sprintf("All %s for “woo”", list.Find(".productlist-count").Text())
	last := options.Last()
	if options.Length() != 7 || strings.TrimSpace(last.Text()) != want || last.AttrOr("href", "") != "/products?q=woo" {
		t.Errorf("%d options, the last %q to %s; want 7, the last %q to /products?q=woo", options.Length(), last.Text(), last.AttrOr("href", ""), want)
	}
	ids := map[string]bool{}
	options.Each(func(_ int, a *goquery.Selection) { ids[a.AttrOr("id", "")] = true })
	if len(ids) != options.Length() {
		t.Errorf("%d options have %d ids", options.Length(), len(ids))
	}
}

func TestSuggestionsChangeWithTheirProducts(t *testing.T) {
	h := newFragment(t, newStore(t, products...))
	for text, want := range map[string]string{"mug": `"products", "product:1"`, "": `"products"`} {
		resp := get(h, "/suggest?q="+text)
		if got := resp.Header.Get("Cache-Groups"); got != want || resp.StatusCode != http.StatusOK {
			t.Errorf("suggestions for %q: %s, Cache-Groups %s; want %s", text, resp.Status, got, want)
		}
	}
}
