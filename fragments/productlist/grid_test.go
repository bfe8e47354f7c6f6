package productlist_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"selvedge/fragments/fragmentstest"
)

func TestGridIsGolden(t *testing.T) {
	const pictureHash = `/static/pictures/[0-9a-f]+/` // it changes with how the picture is drawn
	fragmentstest.Golden(t, newFragment(t, newStore(t, products...)), "/grid?category=kitchen&sort=name&perPage=2", pictureHash)
}

func TestGridHeading(t *testing.T) {
	h := newFragment(t, newStore(t, products...))
	tests := []struct{ query, heading, count string }{
		{"", "All goods", "4 products"},
		{"?q=wool", "Results for “wool”", "1 product"},
		{"?category=kitchen", "Kitchen", "3 products"},
		{"?category=kitchen&q=mug", "Results for “mug” in Kitchen", "1 product"},
		{"?q=%3Cx%3E", "Nothing found for “<x>”", "0 products"},
		{"?q=%25", "Nothing found for “%”", "0 products"},
		{"?q=blnket", "Results for “blanket”", "1 product"},
		{"?q=blnket&category=kitchen", "Nothing found for “blanket” in Kitchen", "0 products"},
		{"?perPage=3", "All goods", "1–3 of 4 products"},
		{"?perPage=3&page=2", "All goods", "4 of 4 products"},
	}
	for _, test := range tests {
		doc := page(t, h, "/grid"+test.query)
		if n := doc.Find("h1").Length(); n != 1 {
			t.Errorf("grid%s has %d h1; want 1", test.query, n)
		}
		if got := doc.Find("h1").Text(); got != test.heading {
			t.Errorf("h1 of grid%s = %q; want %q", test.query, got, test.heading)
		}
		if got := doc.Find(".productlist-count").Text(); got != test.count {
			t.Errorf("count of grid%s = %q; want %q", test.query, got, test.count)
		}
	}
}

func TestCardsSayWhatCanBeBought(t *testing.T) {
	h := newFragment(t, newStore(t, products...))
	doc := page(t, h, "/grid")
	type card struct {
		Name, Href, Price, Stock, Button string
		Disabled                         bool
	}
	var got []card
	doc.Find(".productlist-grid > li").Each(func(_ int, li *goquery.Selection) {
		link := li.Find("h2 a")
		src := li.Find(`esi\:include`).AttrOr("src", "")
		state := page(t, h, strings.TrimPrefix(src, "/fragments/productlist"))
		button := state.Find(`button[form="add-to-cart"][name="productId"]`)
		got = append(got, card{
			Name:     link.Text(),
			Href:     link.AttrOr("href", ""),
			Price:    li.Find(".productcard-price").Text(),
			Stock:    state.Find("#stock-" + button.AttrOr("value", "") + "[data-revision='1'][data-epoch]:not([data-epoch='']) .stock").Text(),
			Button:   button.AttrOr("aria-label", ""),
			Disabled: button.Is("[disabled]"),
		})
		if img := li.Find("img"); img.AttrOr("alt", "") == "" || !img.Is("[width][height]") {
			t.Errorf("the picture of %s lacks a text or a size", link.Text())
		}
	})
	want := []card{
		{"Stoneware Mug", "/products/1", "€18.50", "In stock", "Add to cart: Stoneware Mug", false},
		{"Wool Blanket", "/products/2", "€129.00", "Only 3 left", "Add to cart: Wool Blanket", false},
		{"Linen Apron", "/products/3", "€42.00", "Sold out", "Add to cart: Linen Apron", true},
		{"Salt & Pepper <Set>", "/products/4", "€24.50", "In stock", "Add to cart: Salt & Pepper <Set>", false},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cards (-want +got):\n%s", diff)
	}
}

func TestLinksKeepTheOtherParameters(t *testing.T) {
	doc := page(t, newFragment(t, newStore(t, products...)),
		"/grid?category=kitchen&min=10&sort=price&perPage=1&page=2&utm_source=mail")
	tests := []struct{ selector, want string }{
		{`.productlist-categories a:contains("Kitchen")`, "/products?category=kitchen&min=10&perPage=1&sort=price"},
		{`.productlist-categories a:contains("Bedroom")`, "/products?category=bedroom&min=10&perPage=1&sort=price"},
		{`.productlist-categories a:contains("All")`, "/products?min=10&perPage=1&sort=price"},
		{`.productlist-active a:contains("Kitchen")`, "/products?min=10&perPage=1&sort=price"},
		{`.productlist-active a:contains("From €10.00")`, "/products?category=kitchen&perPage=1&sort=price"},
		{`.productlist-pages a[rel=prev]`, "/products?category=kitchen&min=10&perPage=1&sort=price"},
		{`.productlist-pages a[rel=next]`, "/products?category=kitchen&min=10&page=3&perPage=1&sort=price"},
		{`.productlist-pages [aria-current=page]`, "/products?category=kitchen&min=10&page=2&perPage=1&sort=price"},
		{`.productlist-filter a:contains("Clear")`, "/products"},
	}
	for _, test := range tests {
		link := doc.Find(test.selector)
		if got := link.AttrOr("href", ""); link.Length() != 1 || got != test.want {
			t.Errorf("%d of %s lead to %q; want 1 to %q", link.Length(), test.selector, got, test.want)
		}
	}
}

func TestFormHoldsTheQuery(t *testing.T) {
	doc := page(t, newFragment(t, newStore(t, products...)),
		"/grid?q=a&category=kitchen&min=10&max=99.5&stock=1&sort=-price&perPage=50")
	form := doc.Find(`.productlist-filter form[method=get][action="/products"]`)
	got := map[string]string{}
	controls := form.Find("input").AddSelection(doc.Find("[form=productlist-filters]"))
	controls.Filter("input[type=hidden], input[type=text], input[checked]").AddSelection(controls.Find("option[selected]")).Each(
		func(_ int, s *goquery.Selection) {
			name := s.AttrOr("name", s.Parent().AttrOr("name", ""))
			got[name] += s.AttrOr("value", "")
		})
	want := map[string]string{"q": "a", "category": "kitchen", "min": "10", "max": "99.5",
		"stock": "1", "sort": "-price", "perPage": "50"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the form sends (-want +got):\n%s", diff)
	}
	controls.Filter("input:not([type=hidden]), select").Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("id", "")
		if s.Closest("label").Length() == 0 && doc.Find("label[for='"+id+"']").Length() != 1 {
			t.Errorf("the control %s has no label", s.AttrOr("name", ""))
		}
	})
}

func TestFiltersShowCounts(t *testing.T) {
	doc := page(t, newFragment(t, newStore(t, products...)), "/grid?category=kitchen")
	var got []string
	doc.Find(".productlist-categories a, .productlist-check").Each(func(_ int, s *goquery.Selection) {
		got = append(got, strings.Join(strings.Fields(s.Text()), " "))
	})
	want := []string{"All 4 products", "Bedroom 1 product", "Kitchen 3 products", "In stock 2 products"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	current := doc.Find(".productlist-categories [aria-current]")
	if current.Length() != 1 || !strings.Contains(current.Text(), "Kitchen") {
		t.Errorf("current category = %q; want Kitchen", current.Text())
	}
}

func TestGridChangesWithItsProducts(t *testing.T) {
	s := newStore(t, products...)
	h := newFragment(t, s)
	before := get(h, "/grid")
	etag := before.Header.Get("ETag")
	if again := get(h, "/grid", "If-None-Match", etag); again.StatusCode != http.StatusNotModified {
		t.Errorf("GET /grid with its ETag = %s; want 304", again.Status)
	}
	state := get(h, "/stock/2").Header.Get("ETag")
	if _, err := s.SetStock(t.Context(), 2, 1); err != nil {
		t.Fatal(err)
	}
	if after := get(h, "/grid", "If-None-Match", etag); after.StatusCode != http.StatusNotModified {
		t.Errorf("GET /grid after a sale = %s; want 304, since only the stock changed", after.Status)
	}
	if after := get(h, "/stock/2", "If-None-Match", state); after.StatusCode != http.StatusOK {
		t.Errorf("GET /stock/2 after a sale = %s; want 200", after.Status)
	}
	if got := page(t, h, "/stock/2").Find("#stock-2[data-revision='2'] .stock").Text(); got != "Only 1 left" {
		t.Errorf("stock of product 2 = %q; want Only 1 left, revision 2", got)
	}
}

func TestGridHeaders(t *testing.T) {
	h := newFragment(t, newStore(t, products...))
	resp := get(h, "/grid?category=bedroom")
	want := map[string]string{
		"Content-Type":  "text/html; charset=utf-8",
		"Cache-Groups":  `"products", "product:2"`,
		"Cache-Control": "public, max-age=0, s-maxage=60",
	}
	for name, value := range want {
		if got := resp.Header.Get(name); got != value {
			t.Errorf("%s = %q; want %q", name, got, value)
		}
	}
	if link := resp.Header.Get("Link"); !strings.Contains(link, "/fragments/productlist/assets/productlist.") {
		t.Errorf("Link = %q; want the stylesheet", link)
	}
}
