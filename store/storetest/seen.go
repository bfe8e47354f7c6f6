package storetest

import (
	"fmt"
	"testing"

	"selvedge/store"
)

// testSeen looks that a checkout buys only what its buyer saw: 2 of product 13,
// at €14.50 each, and 1 of product 16 at €24.50.
func testSeen(t *testing.T, s *store.Store) {
	fill(t, s, goods()...)
	mustAdd(t, s, "cart", 13, 2)
	mustAdd(t, s, "cart", 16, 1)
	amount := func(cents int64) *int64 { return &cents }
	shipped := int64(2*1450+2450) + store.ShippingFee.Amount
	if 2*1450+2450 >= store.FreeShippingFrom.Amount {
		shipped -= store.ShippingFee.Amount
	}
	for _, tt := range []struct {
		name string
		seen store.Seen
	}{
		{"another quantity", store.Seen{Version: 2, Quantities: map[int64]int{13: 5, 16: 1}}},
		{"one product less", store.Seen{Version: 2, Quantities: map[int64]int{13: 2}}},
		{"one product more", store.Seen{Version: 2, Quantities: map[int64]int{13: 2, 16: 1, 11: 1}}},
		{"nothing", store.Seen{Version: 2, Quantities: map[int64]int{}}},
		{"another total", store.Seen{Version: 2, Total: amount(shipped - 1)}},
		{"another total and no version", store.Seen{Version: store.AnyVersion, Total: amount(shipped + 1)}},
		{"another version", store.Seen{Version: 1, Quantities: map[int64]int{13: 2, 16: 1}, Total: amount(shipped)}},
	} {
		if _, err := s.Checkout(t.Context(), "cart", "key", tt.seen, customer); reason(err) != reason(store.ErrChanged) {
			t.Errorf("Checkout by who saw %s: %v; want %v", tt.name, err, store.ErrChanged)
		}
	}
	if got, want := cart(t, s, "cart"), "v2: 2 of 13, 1 of 16"; got != want {
		t.Errorf("cart = %q; want %q", got, want)
	}
	seen := store.Seen{Version: 2, Quantities: map[int64]int{13: 2, 16: 1}, Total: amount(shipped)}
	var ids []string
	for range 2 { // the second time it comes again, when the cart is empty
		order, err := s.Checkout(t.Context(), "cart", "key", seen, customer)
		if err != nil {
			t.Fatalf("Checkout by who saw the cart: %v", err)
		}
		ids = append(ids, fmt.Sprint(order.ID, " for ", order.Total()))
	}
	if ids[0] != ids[1] {
		t.Errorf("the same checkout again makes %s after %s; want the same order", ids[1], ids[0])
	}
}
