package storetest

import (
	"slices"
	"sync/atomic"
	"testing"

	"selvedge/store"
)

func testShared(t *testing.T, open func(testing.TB) (a, b *store.Store)) {
	t.Run("A store sees at once what the other one writes.", func(t *testing.T) {
		a, b := open(t)
		fill(t, a, goods()...)
		mustAdd(t, a, "cart", 13, 2)
		if got, want := cart(t, b, "cart"), "v1: 2 of 13"; got != want {
			t.Errorf("cart = %q; want %q", got, want)
		}
		order, err := b.Checkout(t.Context(), "cart", "key", store.Seen{Version: 1}, customer)
		if err != nil {
			t.Fatal(err)
		}
		again, err := a.Checkout(t.Context(), "cart", "key", store.Seen{Version: 1}, customer)
		if diff := diff(order, again); diff != "" || err != nil {
			t.Errorf("the same checkout in the other store: %v (-first +second):\n%s", err, diff)
		}
	})
	t.Run("A search sees at once what the other store writes.", func(t *testing.T) {
		a, b := open(t)
		sees := func(q store.Query, want ...int64) {
			t.Helper()
			list, err := b.Products(t.Context(), q)
			if diff := diff(want, ids(list.Products)); diff != "" || err != nil {
				t.Errorf("Products(%+v): %v (-want +got):\n%s", q, err, diff)
			}
		}
		inStock := store.Query{Text: "bath", InStock: true}
		sees(inStock)
		fill(t, a, goods()...)
		sees(inStock, 16, 15)
		if _, err := a.SetStock(t.Context(), 15, 0); err != nil {
			t.Fatal(err)
		}
		sees(inStock, 16)
		if _, err := a.SetStock(t.Context(), 15, 1); err != nil {
			t.Fatal(err)
		}
		sees(inStock, 16, 15)
		mustAdd(t, a, "cart", 15, 1)
		if _, err := a.Checkout(t.Context(), "cart", "", store.Seen{Version: 1}, customer); err != nil {
			t.Fatal(err)
		}
		sees(inStock, 16)
	})
	t.Run("Of stores that fill one database, one does.", func(t *testing.T) {
		a, b := open(t)
		var filled atomic.Int64
		each(8, a, b, func(_ int, s *store.Store) {
			n, err := s.Fill(t.Context(), slices.Values(goods()))
			if err != nil {
				t.Errorf("Fill: %v", err)
			}
			filled.Add(int64(n))
		})
		if want := int64(len(goods())); filled.Load() != want {
			t.Errorf("%d products; want %d", filled.Load(), want)
		}
	})
}
