package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"selvedge/store"
)

func testConcurrency(t *testing.T, open func(testing.TB) (a, b *store.Store)) {
	t.Run("200 buyers of the last 50 pieces get 50 of them.", func(t *testing.T) {
		a, b := open(t)
		testLastPieces(t, a, b)
	})
	t.Run("The same checkout at the same time makes one order.", func(t *testing.T) {
		a, b := open(t)
		testSameCheckout(t, a, b)
	})
	t.Run("Carts that want the same in another order do not block each other.", func(t *testing.T) {
		a, b := open(t)
		testOppositeOrders(t, a, b)
	})
	t.Run("Pieces that are added at the same time all count.", func(t *testing.T) {
		a, b := open(t)
		fill(t, a, goods()...)
		each(40, a, b, func(_ int, s *store.Store) {
			if _, err := s.Add(t.Context(), "cart", "", 13, 1); err != nil {
				t.Errorf("Add: %v", err)
			}
		})
		if got, want := cart(t, b, "cart"), "v40: 40 of 13"; got != want {
			t.Errorf("cart = %q; want %q", got, want)
		}
	})
	t.Run("A list is of one moment.", func(t *testing.T) {
		a, b := open(t)
		testListOfOneMoment(t, a, b)
	})
}

// each calls f n times at the same time, with the stores in turn.
func each(n int, a, b *store.Store, f func(i int, s *store.Store)) {
	var wg sync.WaitGroup
	begin := make(chan struct{})
	for i := range n {
		s := a
		if i%2 == 1 {
			s = b
		}
		wg.Go(func() {
			<-begin
			f(i, s)
		})
	}
	close(begin)
	wg.Wait()
}

func testLastPieces(t *testing.T, a, b *store.Store) {
	const buyers, pieces = 200, 50
	fill(t, a, goods()...)
	for i := range buyers {
		mustAdd(t, a, fmt.Sprint("buyer", i), 13, 1)
	}
	errs := make([]error, buyers)
	each(buyers, a, b, func(i int, s *store.Store) {
		_, errs[i] = s.Checkout(t.Context(), fmt.Sprint("buyer", i), "", store.Seen{Version: 1}, customer)
	})
	bought, short := 0, 0
	for i, err := range errs {
		var e *store.ShortError
		switch {
		case err == nil:
			bought++
		case errors.As(err, &e):
			short++
		default:
			t.Errorf("buyer %d: %v", i, err)
		}
	}
	if bought != pieces || short != buyers-pieces {
		t.Errorf("%d bought and %d were told that there is nothing left; want %d and %d", bought, short, pieces, buyers-pieces)
	}
	p := product(t, b, 13)
	if p.Stock != 0 || p.Version != 1+pieces {
		t.Errorf("stock = %d, version = %d; want 0, %d", p.Stock, p.Version, 1+pieces)
	}
}

func testSameCheckout(t *testing.T, a, b *store.Store) {
	fill(t, a, goods()...)
	mustAdd(t, a, "cart", 13, 2)
	orders := make([]string, 20)
	each(len(orders), a, b, func(i int, s *store.Store) {
		order, err := s.Checkout(t.Context(), "cart", "key", store.Seen{Version: 1}, customer)
		if err != nil {
			t.Errorf("Checkout: %v", err)
		}
		orders[i] = order.ID
	})
	for _, id := range orders {
		if id != orders[0] {
			t.Errorf("orders %s and %s; want one", id, orders[0])
		}
	}
	if got := product(t, b, 13).Stock; got != 48 {
		t.Errorf("stock = %d; want 48", got)
	}
}

func testOppositeOrders(t *testing.T, a, b *store.Store) {
	const buyers = 10
	fill(t, a, goods()...)
	for i := range buyers {
		first, second := int64(13), int64(15)
		if i%2 == 1 {
			first, second = second, first
		}
		mustAdd(t, a, fmt.Sprint("buyer", i), first, 1)
		mustAdd(t, a, fmt.Sprint("buyer", i), second, 1)
	}
	each(buyers, a, b, func(i int, s *store.Store) {
		if _, err := s.Checkout(t.Context(), fmt.Sprint("buyer", i), "", store.Seen{Version: 2}, customer); err != nil {
			t.Errorf("buyer %d: %v", i, err)
		}
	})
	if got13, got15 := product(t, b, 13).Stock, product(t, b, 15).Stock; got13 != 40 || got15 != 10 {
		t.Errorf("stocks = %d and %d; want 40 and 10", got13, got15)
	}
}

// testListOfOneMoment asks for what is in stock while one product comes and
// goes: the counts must be those of the products in the list.
func testListOfOneMoment(t *testing.T, a, b *store.Store) {
	fill(t, a, goods()...)
	each(60, a, b, func(i int, s *store.Store) {
		if i%4 < 2 {
			if _, err := s.SetStock(t.Context(), 15, i%8/4); err != nil {
				t.Errorf("SetStock: %v", err)
			}
			return
		}
		list, err := s.Products(t.Context(), store.Query{Category: "bath", InStock: true})
		if err != nil {
			t.Errorf("Products: %v", err)
			return
		}
		if list.Total != len(list.Products) || list.InStock != list.Total || list.Categories[0].Count != list.Total {
			t.Errorf("%d products, total %d, in stock %d, in the category %d; want one number",
				len(list.Products), list.Total, list.InStock, list.Categories[0].Count)
		}
		for _, p := range list.Products {
			if p.Stock == 0 {
				t.Errorf("product %d is sold out, version %d", p.ID, p.Version)
			}
		}
	})
}
