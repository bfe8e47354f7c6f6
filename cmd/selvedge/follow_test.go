package main

import (
	"net/http"
	"strings"
	"testing"
)

// onOneFolder starts two shops on one data folder, with one browser for both.
func onOneFolder(t *testing.T) (first, second *testShop) {
	data := t.TempDir()
	first = startShop(t, "--data", data, "--admin-token", adminToken)
	second = startShop(t, "--data", data, "--admin-token", adminToken)
	second.client = first.client
	return first, second
}

func (s *testShop) sellOut(product string) {
	s.t.Helper()
	got := s.do(http.MethodPatch, "/api/products/"+product+"/stock", `{"stock":0}`,
		"Content-Type", "application/json", "Accept", "application/json", "Authorization", "Bearer "+adminToken)
	if got.StatusCode != http.StatusOK {
		s.t.Fatalf("setting the stock: %d %s; want 200", got.StatusCode, got.body)
	}
}

// TestAWriteInOneProcessIsPushedByTheOther holds for the one that was started
// first and for the one that came later.
func TestAWriteInOneProcessIsPushedByTheOther(t *testing.T) {
	first, second := onOneFolder(t)
	for _, test := range []struct {
		name          string
		shows, writes *testShop
		pieces        string
	}{
		{"from the second to the first", first, second, "2 pieces"},
		{"from the first to the second", second, first, "4 pieces"},
	} {
		t.Run(test.name, func(t *testing.T) {
			stream := test.shows.stream(t, test.shows.liveURL("/cart"))
			test.writes.post("/api/cart", "productId=1&quantity=2")
			stream.await("#cart-mini", test.pieces)
			if got := test.shows.page("/cart").document(t).Find("#cart-mini").AttrOr("aria-label", ""); !strings.Contains(got, test.pieces) {
				t.Errorf("the next page says %q; want %s", got, test.pieces)
			}
		})
	}
}

func TestASaleInOneProcessDropsWhatTheOtherHasStored(t *testing.T) {
	first, second := onOneFolder(t)
	for product, test := range map[string]struct{ shows, sells *testShop }{
		"3": {first, second},
		"5": {second, first},
	} {
		path := "/fragments/productdetails/products/" + product + "/stock"
		stream := test.shows.stream(t, test.shows.liveURL("/products/"+product))
		if got := test.shows.do(http.MethodGet, path, ""); strings.Contains(got.body, "Sold out") {
			t.Fatalf("product %s is sold out before it is sold: %s", product, got.body)
		}
		// A page that has just connected is sent what is new before the process has
		// looked for what others have written.
		test.sells.sell(product, "2")
		stream.await("#stock-"+product, "Only 2 left")
		test.sells.sellOut(product)
		stream.await("#stock-"+product, "Sold out")
		if got := test.shows.do(http.MethodGet, path, ""); !strings.Contains(got.body, "Sold out") {
			t.Errorf("the fragment says %s; want it sold out", got.body)
		}
	}
}

func TestAFragmentsOwnProcessSeesWhatTheShopWrites(t *testing.T) {
	data := t.TempDir()
	alone := startShop(t, "fragment", "productdetails", "--data", data)
	s := startShop(t, "--data", data, "--admin-token", adminToken)
	stock := func() string { return alone.do(http.MethodGet, "/products/3/stock", "").body }
	if got := stock(); strings.Contains(got, "Sold out") {
		t.Fatalf("product 3 is sold out before it is sold: %s", got)
	}
	s.sellOut("3")
	eventually(t, "the fragment's process says that it is sold out", func() bool { return strings.Contains(stock(), "Sold out") })
}
