package main

import (
	"net/http"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// shopFragmentNames are the fragments of the shop.
var shopFragmentNames = []string{"shell", "productlist", "productdetails", "cart"}

// perRendering are the parts of a page that differ with each rendering: the
// idempotency key of a form, and the token of the live connection.
var perRendering = regexp.MustCompile(`(name="idempotencyKey" value="|/live\?page=)[A-Za-z0-9_.-]+`)

func withoutKeys(body string) string { return perRendering.ReplaceAllString(body, "$1…") }

// TestPagesAreTheSameWithEachFragmentInAProcessOfItsOwn compares the pages of a
// shop whose fragments are all in its process with those of shops that take one
// fragment, or all of them, from other processes.
func TestPagesAreTheSameWithEachFragmentInAProcessOfItsOwn(t *testing.T) {
	data := t.TempDir()
	whole := startShop(t, "--data", data)
	whole.post("/api/cart", "productId=3&quantity=2")
	order := placeOrder(t, whole)
	whole.post("/api/cart", "productId=1&quantity=2")
	pages := []string{
		"/", "/products", "/new", "/delivery", "/sitemap.xml", "/products?q=wool&stock=1&sort=price", "/products?q=zzz", "/products?page=abc", "/products/3", "/products/13", "/products/99999",
		"/cart", order, "/orders/nobody", "/nothing", "/fragments/",
		"/fragments/cart/mini", "/fragments/productlist/grid?q=wool", "/fragments/productdetails/products/3",
	}
	var all []string
	shops := make(map[string][]string)
	for _, name := range shopFragmentNames {
		alone := startShop(t, "fragment", name, "--data", data)
		source := []string{"--fragment", name + "=" + alone.url}
		shops[name], all = source, append(all, source...)
	}
	shops["every fragment"] = all
	for name, sources := range shops {
		t.Run(name, func(t *testing.T) {
			split := startShop(t, append(sources, "--data", data)...)
			split.client = whole.client  // and its session
			for _, path := range pages { // what was seen lately is known to each process by itself
				whole.page(path)
				split.page(path)
			}
			for _, path := range pages {
				comparePages(t, whole, split, path)
			}
			if strings.Contains(split.log.String(), "does not opt in") {
				t.Errorf("the shop warns:\n%s", split.log)
			}
		})
	}
}

// comparePages waits for the first page of either shop that shows no fallback:
// a page that had to hurry shows some.
func comparePages(t *testing.T, whole, split *testShop, path string) {
	t.Helper()
	var want, got answer
	for range 20 {
		want, got = whole.page(path), split.page(path)
		got.body = strings.ReplaceAll(got.body, split.url, whole.url) // in canonical addresses
		if withoutKeys(want.body) == withoutKeys(got.body) {
			break
		}
	}
	if got.StatusCode != want.StatusCode || withoutKeys(got.body) != withoutKeys(want.body) {
		t.Errorf("GET %s = %d with %d bytes; want %d with the %d bytes of one process:\n%s", path,
			got.StatusCode, len(got.body), want.StatusCode, len(want.body), firstDifference(withoutKeys(got.body), withoutKeys(want.body)))
	}
	if strings.Contains(got.body, "<esi:") {
		t.Errorf("GET %s shows a tag of ESI", path)
	}
}

// firstDifference shows two texts around the first byte that differs.
func firstDifference(got, want string) string {
	i := 0
	for i < min(len(got), len(want)) && got[i] == want[i] {
		i++
	}
	around := func(s string) string { return s[max(0, i-60):min(len(s), i+120)] }
	return "got  … " + around(got) + "\nwant … " + around(want)
}

// placeOrder buys what is in the cart, and returns the path of the order.
func placeOrder(t *testing.T, s *testShop) string {
	t.Helper()
	const fields = "name=Ada+Lovelace&email=ada@example.com&street=Main+St+1&postalCode=1010&city=Vienna&country=Austria"
	got := s.post("/api/checkout", fields)
	if got.StatusCode != http.StatusSeeOther {
		t.Fatalf("checkout: %d\n%s", got.StatusCode, got.body)
	}
	return got.Header.Get("Location")
}

// TestARefusalIsTheSameFromAProcessOfItsOwn sends forms that are refused, as a
// person does without JavaScript and as a script does.
func TestARefusalIsTheSameFromAProcessOfItsOwn(t *testing.T) {
	data := t.TempDir()
	alone := startShop(t, "fragment", "cart", "--data", data)
	whole, split := startShop(t, "--data", data), startShop(t, "--data", data, "--fragment", "cart="+alone.url)
	whole.post("/api/cart", "productId=1&quantity=2")
	split.client = whole.client
	for _, s := range []*testShop{whole, split} {
		s.page("/cart") // which teaches the composer the styles of the cart
	}
	tests := []struct {
		name   string
		header []string
	}{
		{"a person", []string{"Accept", acceptPage}},
		{"a script", []string{"Accept", "text/html", "HX-Request", "true", "HX-Current-URL", whole.url + "/cart"}},
		{"a program", []string{"Accept", "application/json"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			header := append([]string{"Content-Type", "application/x-www-form-urlencoded"}, test.header...)
			const form = "name=Ada&email=ada@example.com&street=&postalCode=1010&city=Vienna&country=Austria"
			want := whole.do(http.MethodPost, "/api/checkout", form, header...)
			got := split.do(http.MethodPost, "/api/checkout", form, header...)
			if got.StatusCode != http.StatusUnprocessableEntity || got.StatusCode != want.StatusCode {
				t.Errorf("status %d; want 422 as in one process (%d)", got.StatusCode, want.StatusCode)
			}
			if a, b := withoutKeys(got.body), withoutKeys(want.body); a != b {
				t.Errorf("another answer than in one process:\n%s", firstDifference(a, b))
			}
			if a, b := got.Header.Get("Content-Type"), want.Header.Get("Content-Type"); a != b {
				t.Errorf("Content-Type %q; want %q", a, b)
			}
		})
	}
}

// TestAWriteByWayOfAComposerIsSeenInTheFragmentsProcess writes to a fragment
// as another composer does, and reads it before and afterwards as curl does.
func TestAWriteByWayOfAComposerIsSeenInTheFragmentsProcess(t *testing.T) {
	alone := startShop(t, "fragment", "productdetails", "--admin-token", adminToken)
	before := alone.do(http.MethodGet, "/products/3/stock", "")
	got := alone.do(http.MethodPatch, "/api/products/3/stock", `{"stock":0}`, "Authorization", "Bearer "+adminToken,
		"Content-Type", "application/json", "Accept", "application/json", "Surrogate-Capability", `other="ESI/1.0"`)
	if got.StatusCode != http.StatusOK {
		t.Fatalf("setting the stock: %d %s; want 200", got.StatusCode, got.body)
	}
	after := alone.do(http.MethodGet, "/products/3/stock", "")
	if after.body == before.body || !strings.Contains(after.body, "Sold out") {
		t.Errorf("after the write the stock is %s; want it sold out", after.body)
	}
}

// TestAFragmentAloneIsLive has the page of a fragment alone show what another tab adds.
func TestAFragmentAloneIsLive(t *testing.T) {
	s := startShop(t, "fragment", "cart")
	page := s.do(http.MethodGet, "/mini", "", "Accept", acceptPage, "Sec-Fetch-Dest", "document").document(t)
	live, ok := page.Find("#live").Attr("ws-connect")
	if !ok || page.Find("#cart-mini").Length() != 1 {
		t.Fatalf("the page has a connection: %t, and %d carts", ok, page.Find("#cart-mini").Length())
	}
	stream := s.stream(t, live)
	s.json(http.MethodPost, "/api/cart", `{"productId":1,"quantity":2}`)
	stream.await("#cart-mini", "2 pieces")
}

// TestAFragmentAloneOutlastsAHangUp sends the signal of a closed terminal.
func TestAFragmentAloneOutlastsAHangUp(t *testing.T) {
	s := startShop(t, "fragment", "cart")
	if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the settings are read again", func() bool { return strings.Contains(s.log.String(), "the configuration was read again") })
	if a := s.do(http.MethodGet, "/mini", ""); a.StatusCode != http.StatusOK || !strings.Contains(a.body, "cart-mini") {
		t.Errorf("GET /mini = %d %s; want the fragment", a.StatusCode, a.body)
	}
}
