package storetest

import (
	"slices"
	"testing"

	"selvedge/store"
)

func testOrdered(t *testing.T, open func(testing.TB) *store.Store) {
	t.Run("The ids of all products stand in their order.", func(t *testing.T) {
		s := open(t)
		fill(t, s, goods()...)
		got, err := s.ProductIDs(t.Context())
		want := make([]int64, len(goods()))
		for i, p := range goods() {
			want[i] = p.ID
		}
		slices.Sort(want)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("ProductIDs = %v, %v; want %v", got, err, want)
		}
	})

	t.Run("Products with more ordered pieces stand first.", func(t *testing.T) {
		s := open(t)
		fill(t, s, plentiful(1), plentiful(2), plentiful(3), plentiful(4))
		if got := mostOrdered(t, s, 5); len(got) != 0 {
			t.Errorf("without an order, MostOrdered = %v; want none", got)
		}
		buy(t, s, "a", map[int64]int{1: 2, 3: 5})
		buy(t, s, "b", map[int64]int{1: 4, 2: 5})
		if _, err := s.Add(t.Context(), "c", "", 4, 9); err != nil { // in a cart, and not ordered
			t.Fatal(err)
		}
		if got := mostOrdered(t, s, 5); !slices.Equal(got, []int64{1, 2, 3}) {
			t.Errorf("MostOrdered = %v; want 1 with 6 pieces, 2 and 3 with 5", got)
		}
		if got := mostOrdered(t, s, 2); !slices.Equal(got, []int64{1, 2}) {
			t.Errorf("the first two of MostOrdered = %v; want 1 and 2", got)
		}
	})
}

// plentiful returns a product of which there are many.
func plentiful(id int64) store.Product {
	return good(id, "Thing", "A thing.", "Made to be counted.", "things", 100, 99, 1)
}

// buy orders pieces of products with a cart.
func buy(t *testing.T, s *store.Store, cart string, pieces map[int64]int) {
	t.Helper()
	for id, n := range pieces {
		if _, err := s.Add(t.Context(), cart, "", id, n); err != nil {
			t.Fatal(err)
		}
	}
	customer := store.Customer{Name: "Ada", Street: "Main Street 1", PostalCode: "1010", City: "Vienna", Country: "Austria"}
	if _, err := s.Checkout(t.Context(), cart, "", store.Seen{Version: store.AnyVersion}, customer); err != nil {
		t.Fatal(err)
	}
}

func mostOrdered(t *testing.T, s *store.Store, n int) []int64 {
	t.Helper()
	products, err := s.MostOrdered(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]int64, len(products))
	for i, p := range products {
		ids[i] = p.ID
	}
	return ids
}
