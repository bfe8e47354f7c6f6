package productdetails_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"selvedge/fragments/fragmentstest"
)

func body(t testing.TB, resp *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// page parses the HTML of a GET, whatever its status.
func page(t testing.TB, h http.Handler, url string) (*http.Response, *goquery.Document) {
	t.Helper()
	resp := send(h, http.MethodGet, url, "", "Accept", "text/html")
	doc, err := goquery.NewDocumentFromReader(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, doc
}

func TestDetailsAreGolden(t *testing.T) {
	const pictureHash = `/static/pictures/[0-9a-f]+/` // it changes with how the picture is drawn
	fragmentstest.Golden(t, newFragment(t, newStore(t), ""), "/products/1", pictureHash)
}

func TestDetailsShowTheProduct(t *testing.T) {
	_, doc := page(t, newFragment(t, newStore(t), ""), "/products/1")
	tests := []struct{ selector, want string }{
		{"article#product h1", "Mug & <Saucer>"},
		{".productdetails-price", "€1,234.50"},
		{".productdetails-summary", "For the first coffee of the day."},
		{"h2:contains(Description) + p", "Thrown on the wheel.\nGlazed twice."},
		{"h2:contains(Description) + p + p", "The saucer is <flat>."},
		{"nav[aria-label=Breadcrumb] a[href='/products']", "All goods"},
		{"nav[aria-label=Breadcrumb] a[href='/products?category=kitchen']", "Kitchen"},
		{"nav[aria-label=Breadcrumb] [aria-current=page]", "Mug & <Saucer>"},
		{"tr:nth-child(2) th[scope=row]", "Capacity"},
		{"tr:nth-child(2) td", "340 ml"},
		{".productdetails-price + p", "Tax included · delivery 3–5 days · 30-day returns"},
		{"label[for=quantity]", "Quantity"},
		{"button[form=add-to-cart][name=productId][value='1']", "Add to cart"},
	}
	for _, test := range tests {
		if found := doc.Find(test.selector); found.Length() != 1 || found.Text() != test.want {
			t.Errorf("%d of %s say %q; want 1 that says %q", found.Length(), test.selector, found.Text(), test.want)
		}
	}
	if n := doc.Find("figure img[alt][width][height]").Length(); n != len(mug.Pictures) {
		t.Errorf("%d pictures with a text and a size; want %d", n, len(mug.Pictures))
	}
	if !doc.Find("#quantity[form=add-to-cart][name=quantity]").Is("[type=number][min='1'][max='99'][value='1']") {
		t.Error("the quantity is not a number from 1 to 99 in the form add-to-cart")
	}
}

func TestSoldOutProductCannotBeAdded(t *testing.T) {
	_, doc := page(t, newFragment(t, newStore(t), ""), "/products/2/stock")
	if got := doc.Find("#stock-2[data-revision='1'][data-epoch]:not([data-epoch='']) .stock").Text(); got != "Sold out" {
		t.Errorf("stock = %q; want Sold out", got)
	}
	if n := doc.Find("button, input").Length(); n != 0 {
		t.Errorf("a product that is sold out has %d controls; want none", n)
	}
	if n := doc.Find(".productdetails-soldout a[href='/products?category=kitchen']").Length(); n != 1 {
		t.Errorf("%d links to the rest of the category; want 1", n)
	}
}

func TestStockInWords(t *testing.T) {
	s := newStore(t)
	h := newFragment(t, s, "")
	tests := []struct {
		stock int
		want  string
	}{{6, "In stock"}, {5, "Only 5 left"}, {1, "Only 1 left"}, {0, "Sold out"}}
	for _, test := range tests {
		if _, err := s.SetStock(t.Context(), 1, test.stock); err != nil {
			t.Fatal(err)
		}
		_, doc := page(t, h, "/products/1/stock")
		if got := doc.Find("#stock-1 .stock").Text(); got != test.want {
			t.Errorf("a stock of %d is %q; want %q", test.stock, got, test.want)
		}
	}
}

func TestHeadDescribesTheProduct(t *testing.T) {
	s := newStore(t)
	h := newFragment(t, s, "")
	tests := []struct {
		stock int
		want  string
	}{{6, "InStock"}, {5, "LimitedAvailability"}, {0, "SoldOut"}}
	for _, test := range tests {
		if _, err := s.SetStock(t.Context(), 1, test.stock); err != nil {
			t.Fatal(err)
		}
		resp, doc := page(t, h, "http://shop.example/products/1/head")
		if got := resp.Header.Get("Cache-Groups"); got != `"product:1"` {
			t.Errorf("the head is of the groups %s; want those of the product", got)
		}
		if got := doc.Find("title").Text(); got != "Mug & <Saucer> · Selvedge" {
			t.Errorf("title = %q", got)
		}
		if got := doc.Find("link[rel=canonical]").AttrOr("href", ""); got != "http://shop.example/products/1" {
			t.Errorf("canonical address = %q", got)
		}
		if got := doc.Find("meta[property='og:image']").AttrOr("content", ""); !strings.HasPrefix(got, "http://shop.example/static/pictures/") {
			t.Errorf("picture = %q; want an absolute address", got)
		}
		var data struct {
			Type   string `json:"@type"`
			Name   string
			Offers struct{ URL, Price, PriceCurrency, Availability string }
		}
		if err := json.Unmarshal([]byte(doc.Find("script[type='application/ld+json']").Text()), &data); err != nil {
			t.Fatal(err)
		}
		offer := data.Offers
		if data.Type != "Product" || data.Name != "Mug & <Saucer>" || offer.URL != "http://shop.example/products/1" ||
			offer.Price != "1234.50" || offer.PriceCurrency != "EUR" || offer.Availability != "https://schema.org/"+test.want {
			t.Errorf("with a stock of %d, the data is %+v; want that of a product that is %s", test.stock, data, test.want)
		}
	}
}

func TestUnknownProducts(t *testing.T) {
	h := newFragment(t, newStore(t), token)
	const noNumber = "The address of a product ends in its number, such as 42."
	tests := []struct{ id, want string }{
		{"99", "There is no product 99."},
		{"0", "There is no product 0."},
		{"-1", "There is no product -1."},
		{"abc", noNumber},
		{"%FF", noNumber},
		{"01", noNumber},
		{"+1", noNumber},
		{"1.0", noNumber},
		{"99999999999999999999", noNumber},
	}
	for _, test := range tests {
		for _, suffix := range []string{"", "/head"} {
			resp, doc := page(t, h, "/products/"+test.id+suffix)
			if resp.StatusCode != http.StatusNotFound || doc.Find("h1").Length() != 1 || !strings.Contains(doc.Text(), test.want) {
				t.Errorf("GET /products/%s%s = %s, %q; want 404 and %q", test.id, suffix, resp.Status, doc.Text(), test.want)
			}
		}
		resp := send(h, http.MethodGet, "/api/products/"+test.id, "")
		if got := body(t, resp); resp.StatusCode != http.StatusNotFound || !strings.Contains(got, test.want) {
			t.Errorf("GET /api/products/%s = %s, %s; want 404 and %q", test.id, resp.Status, got, test.want)
		}
	}
}

func TestReadsAreTiedToTheProduct(t *testing.T) {
	s := newStore(t)
	h := newFragment(t, s, "")
	for _, path := range []string{"/products/1", "/products/1/stock", "/products/1/head", "/api/products/1"} {
		resp := send(h, http.MethodGet, path, "")
		if got := resp.Header.Get("Cache-Groups"); got != `"product:1"` {
			t.Errorf(`Cache-Groups of %s = %s; want "product:1"`, path, got)
		}
		if got := resp.Header.Get("Cache-Control"); got != "public, max-age=0, s-maxage=60" {
			t.Errorf("Cache-Control of %s = %s; want public, max-age=0, s-maxage=60", path, got)
		}
		again := send(h, http.MethodGet, path, "", "If-None-Match", resp.Header.Get("ETag"))
		if again.StatusCode != http.StatusNotModified {
			t.Errorf("GET %s with its ETag = %s; want 304", path, again.Status)
		}
	}
	etag := send(h, http.MethodGet, "/products/1", "").Header.Get("ETag")
	state := send(h, http.MethodGet, "/products/1/stock", "").Header.Get("ETag")
	if _, err := s.SetStock(t.Context(), 1, 3); err != nil {
		t.Fatal(err)
	}
	if got := send(h, http.MethodGet, "/products/1", "").Header.Get("ETag"); got != etag {
		t.Error("the ETag of the product changes with its stock; only that of the stock should")
	}
	resp, doc := page(t, h, "/products/1/stock")
	if resp.Header.Get("ETag") == state {
		t.Error("the ETag of the stock stays when it changes")
	}
	if got := doc.Find("#stock-1").AttrOr("data-revision", ""); got != "2" {
		t.Errorf("revision after a change = %q; want 2", got)
	}
}
