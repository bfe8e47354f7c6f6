package storetest

import (
	"context"
	"math"
	"slices"
	"testing"

	"selvedge/store"
)

func testProducts(t *testing.T, open func(testing.TB) *store.Store) {
	t.Run("A product comes back as it was put in.", func(t *testing.T) {
		s := open(t)
		fill(t, s, goods()...)
		for _, want := range goods() {
			if diff := diff(want, product(t, s, want.ID)); diff != "" {
				t.Errorf("Product(%d) (-want +got):\n%s", want.ID, diff)
			}
		}
	})
	t.Run("An unknown product is not found.", func(t *testing.T) {
		s := open(t)
		fill(t, s, goods()...)
		for _, id := range []int64{0, -1, 99, math.MaxInt64} {
			if _, err := s.Product(t.Context(), id); reason(err) != reason(store.ErrNotFound) {
				t.Errorf("Product(%d): %v; want %v", id, err, store.ErrNotFound)
			}
		}
	})
	t.Run("A store answers.", func(t *testing.T) {
		if err := open(t).Ping(t.Context()); err != nil {
			t.Errorf("Ping: %v", err)
		}
	})
	t.Run("A call whose context is over says so.", func(t *testing.T) {
		s := open(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.Product(ctx, 11); reason(err) != context.Canceled.Error() {
			t.Errorf("Product: %v; want %v", err, context.Canceled)
		}
		if _, err := s.Add(ctx, "cart", "", 11, 1); reason(err) != context.Canceled.Error() {
			t.Errorf("Add: %v; want %v", err, context.Canceled)
		}
	})
	t.Run("ids and orders", func(t *testing.T) { testOrdered(t, open) })
	t.Run("fill", func(t *testing.T) { testFill(t, open) })
	t.Run("stock", func(t *testing.T) { testStock(t, open) })
}

func testFill(t *testing.T, open func(testing.TB) *store.Store) {
	t.Run("A store is empty until it is filled, and filled once.", func(t *testing.T) {
		s := open(t)
		if empty, err := s.Empty(t.Context()); !empty || err != nil {
			t.Errorf("Empty before = %t, %v; want true", empty, err)
		}
		fill(t, s, goods()...)
		if empty, err := s.Empty(t.Context()); empty || err != nil {
			t.Errorf("Empty after = %t, %v; want false", empty, err)
		}
		more := good(99, "Rug", "", "", "living", 100, 1, 1)
		if n, err := s.Fill(t.Context(), slices.Values([]store.Product{more})); n != 0 || err != nil {
			t.Errorf("second Fill = %d, %v; want 0", n, err)
		}
		if _, err := s.Product(t.Context(), 99); reason(err) != reason(store.ErrNotFound) {
			t.Errorf("Product(99): %v; want %v", err, store.ErrNotFound)
		}
	})
	for _, tt := range []struct {
		name string
		bad  func(*store.Product)
	}{
		{"a negative stock", func(p *store.Product) { p.Stock = -1 }},
		{"too large a stock", func(p *store.Product) { p.Stock = store.MaxStock + 1 }},
		{"a negative price", func(p *store.Product) { p.Price.Amount = -1 }},
		{"another currency", func(p *store.Product) { p.Price.Currency = "USD" }},
		{"no name", func(p *store.Product) { p.Name = "" }},
		{"no category", func(p *store.Product) { p.Category = "" }},
		{"the id of another", func(p *store.Product) { p.ID = 11 }},
	} {
		t.Run("A product with "+tt.name+" leaves the store empty.", func(t *testing.T) {
			s := open(t)
			products := goods()
			tt.bad(&products[3])
			if n, err := s.Fill(t.Context(), slices.Values(products)); n != 0 || err == nil {
				t.Errorf("Fill = %d, %v; want an error", n, err)
			}
			if empty, err := s.Empty(t.Context()); !empty || err != nil {
				t.Errorf("Empty = %t, %v; want true", empty, err)
			}
		})
	}
}

func testStock(t *testing.T, open func(testing.TB) *store.Store) {
	s := open(t)
	fill(t, s, goods()...)
	for _, tt := range []struct {
		name        string
		id          int64
		stock       int
		want        error
		wantVersion int64 // of product 11, afterwards
	}{
		{"A stock can be set.", 11, 7, nil, 2},
		{"A stock that is set to what it was is a write too.", 11, 7, nil, 3},
		{"A stock can be nothing.", 11, 0, nil, 4},
		{"A stock can be the largest.", 11, store.MaxStock, nil, 5},
		{"A stock cannot be negative.", 11, -1, store.ErrStock, 5},
		{"A stock cannot be above the largest.", 11, store.MaxStock + 1, store.ErrStock, 5},
		{"The stock of an unknown product cannot be set.", 99, 7, store.ErrNotFound, 5},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := s.SetStock(t.Context(), tt.id, tt.stock)
			if reason(err) != reason(tt.want) {
				t.Fatalf("SetStock(%d, %d): %v; want %v", tt.id, tt.stock, err, tt.want)
			}
			now := product(t, s, 11)
			if now.Version != tt.wantVersion {
				t.Errorf("version = %d; want %d", now.Version, tt.wantVersion)
			}
			if err != nil {
				return
			}
			want := goods()[0]
			want.Stock, want.Version = tt.stock, tt.wantVersion
			if diff := diff(want, got); diff != "" {
				t.Errorf("SetStock(%d, %d) (-want +got):\n%s", tt.id, tt.stock, diff)
			}
			if diff := diff(now, got); diff != "" {
				t.Errorf("Product and SetStock differ:\n%s", diff)
			}
		})
	}
}
