package productlist_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"selvedge/store"
)

// aDozenAndTwo are goods of two categories.
func aDozenAndTwo() []store.Product {
	var all []store.Product
	for id := range int64(14) {
		category := "kitchen"
		if id%7 == 6 {
			category = "bedroom"
		}
		all = append(all, product(id+1, fmt.Sprintf("Thing %d", id+1), category, 100*(id+1), 50))
	}
	return all
}

// fill fills a cart with pieces of products.
func fill(t *testing.T, s *store.Store, cart string, quantities map[int64]int) {
	t.Helper()
	for id, n := range quantities {
		if _, err := s.Add(t.Context(), cart, "", id, n); err != nil {
			t.Fatal(err)
		}
	}
}

func names(section *goquery.Selection) string {
	return strings.Join(section.Find(".productcard-name").Map(func(_ int, name *goquery.Selection) string { return name.Text() }), ", ")
}

func TestHomeShowsWhatThereIs(t *testing.T) {
	h := newFragment(t, newStore(t, aDozenAndTwo()...))
	doc := page(t, h, "/home")
	if doc.Find("h1").Length() != 1 || doc.Find(".home-welcome p").First().Text() == "" {
		t.Error("the home page has no heading with words below")
	}
	categories := doc.Find(".home-categories a").Map(func(_ int, a *goquery.Selection) string {
		return strings.Join(strings.Fields(a.Text()), " ") + " " + a.AttrOr("href", "")
	})
	want := []string{"Bedroom 2 products /products?category=bedroom", "Kitchen 12 products /products?category=kitchen"}
	if diff := cmp.Diff(want, categories); diff != "" {
		t.Errorf("categories (-want +got):\n%s", diff)
	}
	if got := names(doc.Find("section[aria-labelledby=home-new]")); got != "Thing 14, Thing 13, Thing 12, Thing 11" {
		t.Errorf("new in: %s", got)
	}
	if got := names(doc.Find("section[aria-labelledby=home-featured]")); got != "Thing 1, Thing 2, Thing 3, Thing 4, Thing 5, Thing 6, Thing 7, Thing 8" {
		t.Errorf("featured, without orders: %s", got)
	}
	if doc.Find("#home-loved").Length() != 0 {
		t.Error("something is called most loved that nobody has ordered")
	}
}

func TestHomeNamesWhatIsOrderedMost(t *testing.T) {
	s := newStore(t, aDozenAndTwo()...)
	pieces := map[int64]int{14: 30}
	for id := range int64(9) {
		pieces[id+1] = int(id + 1)
	}
	fill(t, s, "cart", pieces)
	customer := store.Customer{Name: "Ada", Street: "Main Street 1", PostalCode: "1010", City: "Vienna", Country: "Austria"}
	if _, err := s.Checkout(t.Context(), "cart", "", store.Seen{Version: store.AnyVersion}, customer); err != nil {
		t.Fatal(err)
	}
	doc := page(t, newFragment(t, s), "/home")
	want := "Thing 9, Thing 8, Thing 7, Thing 6, Thing 5, Thing 4, Thing 3, Thing 2" // 14 is among what is new
	if got := names(doc.Find("section[aria-labelledby=home-loved]")); got != want {
		t.Errorf("most loved: %s; want %s", got, want)
	}
}

func TestRelatedProductsAreOfTheCategory(t *testing.T) {
	h := newFragment(t, newStore(t, aDozenAndTwo()...))
	tests := []struct{ id, want string }{
		{"1", "Thing 2, Thing 3, Thing 4, Thing 5"},
		{"13", "Thing 1, Thing 2, Thing 3, Thing 4"},
		{"7", "Thing 14"},
	}
	for _, test := range tests {
		doc := page(t, h, "/related/"+test.id)
		if got := names(doc.Selection); got != test.want {
			t.Errorf("related to %s: %s; want %s", test.id, got, test.want)
		}
		if doc.Find("button").Length() != 0 {
			t.Errorf("a button beside product %s would add with the quantity of that product", test.id)
		}
	}
	alone := page(t, newFragment(t, newStore(t, products...)), "/related/2")
	if alone.Find("section").Length() != 0 {
		t.Error("a product that is alone in its category has a section of related ones")
	}
	if got := get(h, "/related/99").StatusCode; got != 404 {
		t.Errorf("related to an unknown product: %d; want 404", got)
	}
}

func TestBrowseLeadsOn(t *testing.T) {
	doc := page(t, newFragment(t, newStore(t, aDozenAndTwo()...)), "/browse")
	for selector, want := range map[string]int{
		"form[role=search][action='/products'] input[name=q]": 1,
		"nav a[href='/products?category=bedroom']":            1,
		".productcard": 4,
	} {
		if got := doc.Find(selector).Length(); got != want {
			t.Errorf("%d of %s; want %d", got, selector, want)
		}
	}
}

func TestSitemapHasEveryPage(t *testing.T) {
	h := newFragment(t, newStore(t, products...))
	locations := func(path string) []string {
		return page(t, h, "http://shop.example"+path).Find("loc").Map(func(_ int, loc *goquery.Selection) string {
			return strings.TrimPrefix(loc.Text(), "http://shop.example")
		})
	}
	for path, want := range map[string][]string{
		"/sitemap.xml":        {"/sitemap.xml?page=0", "/sitemap.xml?page=1"},
		"/sitemap.xml?page=0": {"/", "/products", "/new", "/products?category=bedroom", "/products?category=kitchen"},
		"/sitemap.xml?page=1": {"/products/1", "/products/2", "/products/3", "/products/4"},
	} {
		if diff := cmp.Diff(want, locations(path)); diff != "" {
			t.Errorf("GET %s (-want +got):\n%s", path, diff)
		}
	}
	if got := get(h, "/sitemap.xml?page=2").StatusCode; got != 404 {
		t.Errorf("a sitemap after the last: %d; want 404", got)
	}
}

// TestRecentlySeenIsOfOneVisitor has two visitors look at products.
func TestRecentlySeenIsOfOneVisitor(t *testing.T) {
	h := newFragment(t, newStore(t, aDozenAndTwo()...))
	const ada, bob = "00112233445566778899aabbccddeeff", "ffeeddccbbaa99887766554433221100"
	for _, visit := range []struct{ session, id, want string }{
		{ada, "1", ""},
		{ada, "2", "Thing 1"},
		{ada, "2", "Thing 1"},
		{ada, "1", "Thing 2"},
		{bob, "3", ""},
		{"", "4", ""},
		{"", "5", ""},
		{ada, "3", "Thing 1, Thing 2"},
		{ada, "4", "Thing 3, Thing 1, Thing 2"},
		{ada, "5", "Thing 4, Thing 3, Thing 1, Thing 2"},
		{ada, "6", "Thing 5, Thing 4, Thing 3, Thing 1"},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/recent/"+visit.id, nil)
		if visit.session != "" {
			r.AddCookie(&http.Cookie{Name: "session", Value: visit.session})
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		doc, err := goquery.NewDocumentFromReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		if got := names(doc.Selection); got != visit.want {
			t.Errorf("seen before %s: %q; want %q", visit.id, got, visit.want)
		}
		if got := w.Header().Get("Cache-Control"); got != "private, no-cache" || doc.Find("[id^=stock]").Length() > 0 {
			t.Errorf("Cache-Control of %s: %q; want it private, and no stock beside that of the page", visit.id, got)
		}
	}
	if got := get(h, "/recent/99").StatusCode; got != 404 {
		t.Errorf("seen before an unknown product: %d; want 404", got)
	}
}
