package cart_test

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"selvedge/fragments/fragmentstest"
)

func TestBadgeSaysHowMuchIsInTheCart(t *testing.T) {
	s := open(t)
	badge := func() []string {
		link := document(t, s.get("/mini")).Find("a#cart-mini")
		return []string{attr(link, "href"), attr(link, "data-revision"), attr(link, "aria-label"), link.Find(".cart-mini-count").Text()}
	}
	if diff := cmp.Diff([]string{"/cart", "0", "Cart, 0 pieces", "0"}, badge()); diff != "" {
		t.Errorf("badge of an empty cart (-want +got):\n%s", diff)
	}
	s.sendJSON("POST", "/api/cart", `{"productId":1}`)
	if diff := cmp.Diff([]string{"/cart", "1", "Cart, 1 piece", "1"}, badge()); diff != "" {
		t.Errorf("badge of one piece (-want +got):\n%s", diff)
	}
}

func TestReadsNameTheirGroups(t *testing.T) {
	s := open(t)
	s.fill(t)
	tests := []struct{ path, session, groups, vary string }{
		{"/mini", ada, `"cart:5947d7c33d783f94"`, "Cookie"},
		{"/add", ada, `"cart:5947d7c33d783f94"`, "Cookie"},
		{"/cart", ada, `"cart:5947d7c33d783f94", "product:1", "product:2"`, "Cookie"},
		{"/api/cart", ada, `"cart:5947d7c33d783f94", "product:1", "product:2"`, "Cookie"},
		{"/mini", "", "", "Cookie"},
		{"/cart", "not a session", "", "Cookie"},
	}
	for _, test := range tests {
		w := s.do(request{method: "GET", path: test.path, session: test.session})
		got := []string{w.Header().Get("Cache-Groups"), w.Header().Get("Vary"), w.Header().Get("Cache-Control")}
		if diff := cmp.Diff([]string{test.groups, test.vary, "private, no-cache"}, got); diff != "" || w.Code != 200 {
			t.Errorf("%s of %q = %d (-want +got):\n%s", test.path, test.session, w.Code, diff)
		}
	}
}

func TestReadsAreNotModifiedUntilTheirDataIs(t *testing.T) {
	for _, path := range []string{"/mini", "/add", "/cart", "/api/cart"} {
		t.Run(path, func(t *testing.T) {
			s := open(t)
			s.fill(t)
			etag := s.get(path).Header().Get("ETag")
			if w := s.get(path, "If-None-Match", etag); w.Code != 304 {
				t.Errorf("the same cart = %d; want 304", w.Code)
			}
			s.sendJSON("DELETE", "/api/cart/2", "")
			if w := s.get(path, "If-None-Match", etag); w.Code != 200 {
				t.Errorf("the cart without a line = %d; want 200", w.Code)
			}
		})
	}
}

func TestStockOfALineChangesThePage(t *testing.T) {
	s := open(t)
	s.fill(t)
	etag := s.get("/cart").Header().Get("ETag")
	s.setStock(t, 1, 1)
	if w := s.get("/cart", "If-None-Match", etag); w.Code != 200 {
		t.Errorf("the page after a change of stock = %d; want 200", w.Code)
	}
}

func TestCartOfAnotherSessionIsNotShown(t *testing.T) {
	s := open(t)
	s.fill(t)
	w := s.do(request{method: "GET", path: "/api/cart", session: bob})
	if got := parseJSON(t, w)["count"]; got != 0.0 {
		t.Errorf("Bob sees %v pieces; want his own empty cart", got)
	}
}

func TestAddFormCarriesAFreshKey(t *testing.T) {
	s := open(t)
	form := document(t, s.get("/add")).Find("form#add-to-cart")
	key := attr(form.Find("input[name=idempotencyKey]"), "value")
	again := attr(document(t, s.get("/add")).Find("input[name=idempotencyKey]"), "value")
	if attr(form, "method") != "post" || attr(form, "action") != "/api/cart" || key == "" || key == again {
		t.Errorf("form = %s %s with keys %q and %q", attr(form, "method"), attr(form, "action"), key, again)
	}
}

func TestJSONOfACart(t *testing.T) {
	s := open(t)
	s.fill(t)
	s.setStock(t, 1, 1)
	euro := func(cents float64) map[string]any { return map[string]any{"amount": cents, "currency": "EUR"} }
	want := map[string]any{
		"version": 2.0, "count": 3.0, "subtotal": euro(8180), "shipping": euro(0), "total": euro(8180),
		"lines": []any{
			map[string]any{"id": 1.0, "productId": 1.0, "name": "Mug", "price": euro(1490), "quantity": 2.0,
				"total": euro(2980), "stock": 1.0, "short": true},
			map[string]any{"id": 2.0, "productId": 2.0, "name": "Pot & lid", "price": euro(5200), "quantity": 1.0,
				"total": euro(5200), "stock": 3.0, "short": false},
		},
	}
	if diff := cmp.Diff(want, parseJSON(t, s.get("/api/cart"))); diff != "" {
		t.Errorf("cart (-want +got):\n%s", diff)
	}
}

func TestRevisionOfTheJSONGrowsWithWhatItShows(t *testing.T) {
	s := open(t)
	if got := s.get("/api/cart").Header().Get("Selvedge-Revision"); got != "" {
		t.Errorf("revision of a cart that was never written to = %s; want none", got)
	}
	last := 0
	changes := []func(){
		func() { s.fill(t) },
		func() { s.setStock(t, 1, 1) },
		func() { s.sendJSON("DELETE", "/api/cart/1", "") },
	}
	for i, change := range changes {
		change()
		got, err := strconv.Atoi(s.get("/api/cart").Header().Get("Selvedge-Revision"))
		if err != nil || got <= last {
			t.Errorf("revision after change %d = %d, %v; want more than %d", i, got, err, last)
		}
		last = got
	}
}

// TestARevisionIsOfOneCartInOneLifeOfTheData reads what a page and a program
// compare, in two sessions and, again, with other data.
func TestARevisionIsOfOneCartInOneLifeOfTheData(t *testing.T) {
	s, other := open(t), open(t)
	seen := make(map[string]string)
	for _, visitor := range []struct {
		name, session string
		shop          shop
	}{{"Ada", ada, s}, {"Bob", bob, s}, {"Ada, with other data", ada, other}} {
		want := ""
		for _, path := range []string{"/mini", "/add", "/cart"} {
			w := visitor.shop.do(request{method: "GET", path: path, session: visitor.session})
			got := attr(document(t, w).Find("[data-revision]"), "data-epoch")
			if got == "" || want != "" && got != want {
				t.Errorf("%s: the epoch of %s is %q; want %q, one for all of a cart", visitor.name, path, got, want)
			}
			want = got
		}
		if before := seen[want]; before != "" {
			t.Errorf("%s and %s have the epoch %s; want one each", before, visitor.name, want)
		}
		seen[want] = visitor.name
	}
	s.fill(t)
	page := attr(document(t, s.get("/cart")).Find("#cart"), "data-epoch")
	if got := s.get("/api/cart").Header().Get("Selvedge-Epoch"); got != page {
		t.Errorf("Selvedge-Epoch = %q; want %q, as on the page", got, page)
	}
}

func TestJSONOfAnEmptyCartHasNoNulls(t *testing.T) {
	if got := parseJSON(t, open(t).get("/api/cart"))["lines"]; cmp.Diff([]any{}, got) != "" {
		t.Errorf("lines = %#v; want an empty list", got)
	}
}

func TestEmptyCartLeadsBackToTheShop(t *testing.T) {
	doc := document(t, open(t).get("/cart"))
	if doc.Find("h1").Text() != "Your cart" || doc.Find("a[href='/']").Length() != 1 || doc.Find("form").Length() != 0 {
		t.Errorf("page = %s", doc.Text())
	}
}

func TestCartPageSaysWhatIsMissingForFreeShipping(t *testing.T) {
	s := open(t)
	s.sendJSON("POST", "/api/cart", `{"productId":1,"quantity":2}`)
	totals := document(t, s.get("/cart")).Find(".cart-totals")
	var amounts []string
	for _, dd := range totals.Find("dd").EachIter() {
		amounts = append(amounts, dd.Text())
	}
	if diff := cmp.Diff([]string{"€29.80", "€4.90", "€34.70"}, amounts); diff != "" {
		t.Errorf("totals (-want +got):\n%s", diff)
	}
	if want := "Shipping is free from €50.00: €20.20 to go."; totals.Find("p").Text() != want {
		t.Errorf("note = %q; want %q", totals.Find("p").Text(), want)
	}
}

func TestCartPageSaysWhichLinesAreShort(t *testing.T) {
	s := open(t)
	s.fill(t)
	tests := []struct {
		stock int
		want  string
	}{
		{3, ""},
		{2, "These are the last 2."},
		{1, "Only 1 left. Lower the quantity to order."},
		{0, "Sold out. Remove it to order the rest."},
	}
	for _, test := range tests {
		s.setStock(t, 1, test.stock)
		doc := document(t, s.get("/cart"))
		described := attr(doc.Find("#quantity-1"), "aria-describedby")
		if got := doc.Find("#short-1").Text(); got != test.want || (described == "short-1") != (test.want != "") {
			t.Errorf("stock %d: %q, described by %q; want %q", test.stock, got, described, test.want)
		}
		if isShort := doc.Find("#line-1 [aria-invalid], #line-1 .cart-short").Length() > 0; isShort != (test.stock < 2) {
			t.Errorf("stock %d: the line is called short: %t; want that below 2", test.stock, isShort)
		}
		if doc.Find("#short-2").Length() != 0 {
			t.Errorf("stock %d: the other line is called short", test.stock)
		}
	}
}

func TestEveryFieldHasALabel(t *testing.T) {
	s := open(t)
	s.fill(t)
	doc := document(t, s.get("/cart"))
	inputs := doc.Find("input:not([type=hidden])")
	if inputs.Length() != 7 {
		t.Errorf("%d fields; want 2 quantities and 5 of an address", inputs.Length())
	}
	for _, input := range inputs.EachIter() {
		if id := attr(input, "id"); doc.Find("label[for='"+id+"']").Length() != 1 {
			t.Errorf("the field %q has no label", id)
		}
	}
}

func TestCartPageGolden(t *testing.T) {
	s := open(t)
	s.fill(t)
	s.setStock(t, 2, 0)
	asAda := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.AddCookie(&http.Cookie{Name: "session", Value: ada})
		s.ServeHTTP(w, r)
	})
	fragmentstest.Golden(t, asAda, "/cart", `/static/pictures/[^/"]+/`, s.epoch(t))
}
