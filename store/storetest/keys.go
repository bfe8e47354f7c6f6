package storetest

import (
	"testing"

	"selvedge/store"
)

func testKeys(t *testing.T, open func(testing.TB) *store.Store) {
	for _, tt := range []cartTest{
		{"The same request under the same key is done once.", []step{
			{add("k", 11, 2), nil}, {add("k", 11, 2), nil}, {add("k", 11, 2), nil},
		}, "v1: 2 of 11"},
		{"The same request under another key is done again.", []step{
			{add("k", 11, 2), nil}, {add("l", 11, 2), nil},
		}, "v2: 4 of 11"},
		{"The same request without a key is done again.", []step{
			{add("", 11, 2), nil}, {add("", 11, 2), nil},
		}, "v2: 4 of 11"},
		{"A repeated request is answered with the cart of now.", []step{
			{add("k", 11, 2), nil}, {add("", 13, 1), nil}, {add("k", 11, 2), nil},
		}, "v2: 2 of 11, 1 of 13"},
		{"A key is not for another quantity.", []step{
			{add("k", 11, 2), nil}, {add("k", 11, 3), store.ErrKeyReused},
		}, "v1: 2 of 11"},
		{"A key is not for another product.", []step{
			{add("k", 11, 2), nil}, {add("k", 13, 2), store.ErrKeyReused},
		}, "v1: 2 of 11"},
		{"A key is not for another kind of request.", []step{
			{add("k", 11, 2), nil}, {set("k", 11, 2), store.ErrKeyReused},
			{remove("k", 11), store.ErrKeyReused}, {checkout("k", 1), store.ErrKeyReused},
		}, "v1: 2 of 11"},
		{"Setting a quantity again changes nothing.", []step{
			{add("", 11, 2), nil}, {set("k", 11, 5), nil}, {set("", 11, 4), nil}, {set("k", 11, 5), nil},
		}, "v3: 4 of 11"},
		{"Removing again changes nothing.", []step{
			{add("", 11, 2), nil}, {remove("k", 11), nil}, {add("", 11, 1), nil}, {remove("k", 11), nil},
		}, "v3: 1 of 11"},
		{"What failed may be tried again under its key.", []step{
			{remove("k", 11), store.ErrNotFound}, {add("", 11, 2), nil}, {remove("k", 11), nil},
		}, "v2:"},
		{"A key of a request that failed is free for another one.", []step{
			{remove("k", 11), store.ErrNotFound}, {add("k", 11, 2), nil},
		}, "v1: 2 of 11"},
	} {
		tt.run(t, open)
	}
	t.Run("The same checkout under the same key makes one order.", func(t *testing.T) {
		testCheckoutAgain(t, open(t))
	})
	t.Run("A key is not for a checkout by another customer.", func(t *testing.T) {
		s := open(t)
		fill(t, s, goods()...)
		mustAdd(t, s, "cart", 13, 2)
		if _, err := s.Checkout(t.Context(), "cart", "k", store.Seen{Version: 1}, customer); err != nil {
			t.Fatal(err)
		}
		other := customer
		other.City = "Malmö"
		if _, err := s.Checkout(t.Context(), "cart", "k", store.Seen{Version: 1}, other); reason(err) != reason(store.ErrKeyReused) {
			t.Errorf("Checkout: %v; want %v", err, store.ErrKeyReused)
		}
	})
}

func testCheckoutAgain(t *testing.T, s *store.Store) {
	fill(t, s, goods()...)
	mustAdd(t, s, "cart", 13, 2)
	first, err := s.Checkout(t.Context(), "cart", "k", store.Seen{Version: 1}, customer)
	if err != nil {
		t.Fatal(err)
	}
	mustAdd(t, s, "cart", 13, 3)
	again, err := s.Checkout(t.Context(), "cart", "k", store.Seen{Version: 1}, customer)
	if err != nil {
		t.Fatal(err)
	}
	if diff := diff(first, again); diff != "" {
		t.Errorf("second answer (-first +second):\n%s", diff)
	}
	if got, want := cart(t, s, "cart"), "v3: 3 of 13"; got != want {
		t.Errorf("cart = %q; want %q", got, want)
	}
	if got := product(t, s, 13).Stock; got != 48 {
		t.Errorf("stock = %d; want 48", got)
	}
}

func mustAdd(tb testing.TB, s *store.Store, cartID string, id int64, quantity int) {
	tb.Helper()
	if _, err := s.Add(tb.Context(), cartID, "", id, quantity); err != nil {
		tb.Fatalf("Add(%q, %d, %d): %v", cartID, id, quantity, err)
	}
}

func setStock(tb testing.TB, s *store.Store, id int64, pieces int) {
	tb.Helper()
	if _, err := s.SetStock(tb.Context(), id, pieces); err != nil {
		tb.Fatalf("SetStock(%d, %d): %v", id, pieces, err)
	}
}
