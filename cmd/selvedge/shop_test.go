package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
)

func TestPagesAreComposedOfTheirFragments(t *testing.T) {
	s := startShop(t)
	tests := []struct {
		path, title, heading string
		parts                []string
	}{
		{"/products", "All goods · Selvedge", "All goods", []string{"#cart-mini", "form[role=search]", "#productlist", "form#add-to-cart"}},
		{"/", "Selvedge: well-made goods for every day", "", []string{"#cart-mini", "form[role=search]", "#home", "form#add-to-cart"}},
		{"/products?q=wool", "Results for “wool” · Selvedge", "Results for “wool”", []string{"#productlist"}},
		{"/products/1", "Café crème mug · Selvedge", "Café crème mug", []string{"#cart-mini", "#product", "#stock-1", "form#add-to-cart"}},
		{"/cart", "Your cart", "Your cart", []string{"#cart-mini"}},
		{"/fragments/", "Fragments", "Fragments", []string{"code"}},
	}
	for _, test := range tests {
		t.Run(test.path, func(t *testing.T) {
			got := s.page(test.path)
			if got.StatusCode != http.StatusOK {
				t.Fatalf("status %d; want 200", got.StatusCode)
			}
			d := got.document(t)
			if title := d.Find("title").Text(); !strings.Contains(title, test.title) {
				t.Errorf("title %q; want one with %q", title, test.title)
			}
			if h := strings.TrimSpace(d.Find("h1").Text()); h != test.heading && test.heading != "" {
				t.Errorf("h1 %q; want %q, once", h, test.heading)
			}
			for _, part := range test.parts {
				if n := d.Find(part).Length(); n == 0 {
					t.Errorf("there is no %s", part)
				}
			}
			if strings.Contains(got.body, "<esi:") || strings.Contains(got.body, "$(") {
				t.Errorf("an instruction is left in the page")
			}
		})
	}
}

func TestStylesOfAllFragmentsStandInTheHead(t *testing.T) {
	s := startShop(t)
	s.page("/products/1") // the first view teaches the composer what its fragments need
	d := s.page("/products/1").document(t)
	for _, name := range []string{"shell", "productdetails", "cart"} {
		link := d.Find(fmt.Sprintf("head link[rel=stylesheet][href^='/fragments/%s/assets/%[1]s.']", name))
		if link.Length() != 1 {
			t.Errorf("%d links to the styles of %s in the head; want 1", link.Length(), name)
			continue
		}
		css := s.do(http.MethodGet, link.AttrOr("href", ""), "")
		if css.StatusCode != http.StatusOK || !strings.Contains(css.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("styles of %s: %d, Cache-Control %q; want 200 and immutable", name, css.StatusCode, css.Header.Get("Cache-Control"))
		}
	}
}

func TestServerTimingNamesEveryFragment(t *testing.T) {
	s := startShop(t)
	page := s.do(http.MethodGet, "/products", "", "Accept", acceptPage, "TE", "trailers")
	got := page.Header.Get("Server-Timing")
	if page.Trailer.Get("Server-Timing") != "" {
		got = page.Trailer.Get("Server-Timing") // the page left in pieces
	}
	for _, name := range []string{"productlist-grid", "productlist-search", "cart-mini", "cart-add"} {
		if !strings.Contains(got, name+";dur=") {
			t.Errorf("Server-Timing %q; want the time of %s", got, name)
		}
	}
}

func TestAFragmentAloneIsByteForByteWhatThePageIncludes(t *testing.T) {
	s := startShop(t)
	s.post("/api/cart", "productId=1&quantity=2")
	for _, path := range []string{"/fragments/cart/mini", "/fragments/productlist/grid", "/fragments/productlist@^1.0/search?", "/fragments/productlist@1.0.0/grid"} {
		got := s.do(http.MethodGet, path, "")
		if got.StatusCode != http.StatusOK || got.body == "" {
			t.Errorf("GET %s = %d, %q; want a fragment", path, got.StatusCode, got.body)
			continue
		}
		// A page that had to hurry shows a fallback instead; the next one does not.
		eventually(t, path+" stands in the page as it is alone", func() bool {
			return strings.Contains(s.page("/products").body, got.body)
		})
	}
}

func TestAVersionThatDoesNotExistNamesThoseThatDo(t *testing.T) {
	s := startShop(t)
	got := s.do(http.MethodGet, "/fragments/cart@%5E9/mini", "")
	var problem struct {
		Status   int
		Detail   string
		Versions []string
	}
	if err := json.Unmarshal([]byte(got.body), &problem); err != nil {
		t.Fatalf("%q: %v", got.body, err)
	}
	if got.StatusCode != http.StatusNotFound || got.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %s; want a problem with 404", got.StatusCode, got.Header.Get("Content-Type"))
	}
	if len(problem.Versions) != 1 || problem.Versions[0] != "1.0.0" || !strings.Contains(problem.Detail, "1.0.0") {
		t.Errorf("versions %q, detail %q; want both to name 1.0.0", problem.Versions, problem.Detail)
	}
}

func TestTheListOfFragmentsForPrograms(t *testing.T) {
	s := startShop(t)
	got := s.do(http.MethodGet, "/fragments/", "", "Accept", "application/json")
	var list struct {
		Fragments []struct {
			Name     string
			Versions []string
		}
	}
	if err := json.Unmarshal([]byte(got.body), &list); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range list.Fragments {
		names = append(names, f.Name+"@"+strings.Join(f.Versions, ","))
	}
	if got, want := strings.Join(names, " "), "cart@1.0.0 productdetails@1.0.0 productlist@1.0.0 shell@1.0.0"; got != want {
		t.Errorf("fragments %s; want %s", got, want)
	}
}

func TestBuyingWithFormsAlone(t *testing.T) {
	s := startShop(t)
	added := s.do(http.MethodPost, "/api/cart", "productId=1&quantity=2", "Accept", acceptPage,
		"Content-Type", "application/x-www-form-urlencoded", "Referer", s.url+"/products/1")
	if added.StatusCode != http.StatusSeeOther || added.Header.Get("Location") != "/products/1?added=1&pieces=2" {
		t.Fatalf("adding: %d to %q; want 303 back to /products/1 with a note", added.StatusCode, added.Header.Get("Location"))
	}
	cart := s.page("/cart").document(t)
	form := cart.Find("#checkout")
	fields := "name=Ada+Lovelace&email=ada@example.com&street=Main+St+1&postalCode=1010&city=Vienna&country=Austria"
	for _, name := range []string{"idempotencyKey", "version"} {
		fields += "&" + name + "=" + form.Find("input[name="+name+"]").AttrOr("value", "")
	}
	first, again := s.post("/api/checkout", fields), s.post("/api/checkout", fields)
	order := first.Header.Get("Location")
	if first.StatusCode != http.StatusSeeOther || !strings.HasPrefix(order, "/orders/") {
		t.Fatalf("checkout: %d to %q\n%s; want 303 to an order", first.StatusCode, order, first.body)
	}
	if again.Header.Get("Location") != order {
		t.Errorf("the same form again went to %q; want the same order %q", again.Header.Get("Location"), order)
	}
	if text := s.page(order).document(t).Find("main").Text(); !strings.Contains(text, "Ada Lovelace") {
		t.Errorf("the order page does not show the name:\n%s", text)
	}
	s.client = s.newClient()
	if other := s.page(order); other.StatusCode != http.StatusNotFound {
		t.Errorf("another session sees the order with %d; want 404", other.StatusCode)
	}
}

func TestARefusedCheckoutKeepsWhatWasTyped(t *testing.T) {
	s := startShop(t)
	s.post("/api/cart", "productId=1")
	got := s.post("/api/checkout", "name=Ada&email=ada@example.com&street=&postalCode=1010&city=Vienna&country=Austria")
	if got.StatusCode != http.StatusUnprocessableEntity {
		t.Fatalf("status %d; want 422", got.StatusCode)
	}
	d := got.document(t)
	if d.Find("header #cart-mini").Length() != 1 || d.Find("h1").Length() != 1 {
		t.Errorf("the answer is no page of the shop with one h1")
	}
	if name := d.Find("input[name=name]").AttrOr("value", ""); name != "Ada" {
		t.Errorf("the name is %q; want the Ada that was typed", name)
	}
	if d.Find("input[name=street][aria-invalid=true]").Length() != 1 {
		t.Errorf("the street is not marked as what is missing")
	}
}

// TestTwoHundredBuyersOfTheLastFiftyPieces goes through HTTP what storetest
// goes through the store.
func TestTwoHundredBuyersOfTheLastFiftyPieces(t *testing.T) {
	s := startShop(t, "--admin-token", adminToken, "--data", t.TempDir())
	s.do(http.MethodPatch, "/api/products/1/stock", `{"stock":50}`, "Content-Type", "application/json", "Authorization", "Bearer "+adminToken)
	const customer = `{"name":"Ada","email":"ada@example.com","street":"Main St 1","postalCode":"1010","city":"Vienna","country":"Austria"}`
	statuses := make(chan int, 200)
	var buyers sync.WaitGroup
	for range 200 {
		buyer := *s
		buyer.client = s.newClient()
		buyers.Go(func() {
			buyer.json(http.MethodPost, "/api/cart", `{"productId":1}`)
			statuses <- buyer.json(http.MethodPost, "/api/checkout", customer).StatusCode
		})
	}
	buyers.Wait()
	close(statuses)
	count := map[int]int{}
	for status := range statuses {
		count[status]++
	}
	if count[http.StatusCreated] != 50 || count[http.StatusConflict] != 150 {
		t.Errorf("checkouts by status: %v; want 50 times 201 and 150 times 409", count)
	}
	var product struct{ Stock int }
	if err := json.Unmarshal([]byte(s.json(http.MethodGet, "/api/products/1", "").body), &product); err != nil || product.Stock != 0 {
		t.Errorf("stock %d, %v; want 0", product.Stock, err)
	}
}
