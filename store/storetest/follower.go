package storetest

import (
	"context"
	"testing"
	"time"

	"selvedge/store"
)

// testFollower looks that a Follower of one store names what both of them
// write, once.
func testFollower(t *testing.T, open func(testing.TB) (a, b *store.Store)) {
	a, b := open(t)
	fill(t, a, goods()...)
	mustAdd(t, a, "before", 13, 1)
	f, err := a.Follow(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := f.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}()
	buy := func(id string) error {
		_, err := b.Checkout(t.Context(), id, "", store.Seen{Version: store.AnyVersion}, customer)
		return err
	}
	setStock := func(s *store.Store, id int64, stock int) error {
		_, err := s.SetStock(t.Context(), id, stock)
		return err
	}
	steps := []struct {
		name string
		do   func() error
		want store.Changed
	}{
		{"Nothing is written.", func() error { return nil }, store.Changed{}},
		{"The other one changes a cart.", func() error { mustAdd(t, b, "cart", 16, 2); return nil },
			store.Changed{Carts: []string{"cart"}}},
		{"The other one changes a product twice.", func() error {
			if err := setStock(b, 17, 5); err != nil {
				return err
			}
			return setStock(b, 17, 6)
		}, store.Changed{Products: []int64{17}}},
		{"The other one buys.", func() error { return buy("cart") },
			store.Changed{Products: []int64{16}, Carts: []string{"cart"}}},
		{"The other one fails.", func() error { _ = buy("cart"); _ = setStock(b, 99, 1); return nil }, store.Changed{}},
		{"It writes itself.", func() error { return setStock(a, 11, 7) }, store.Changed{Products: []int64{11}}},
		{"The other one ends a cart with lines and one that was bought.", func() error {
			endCarts(t, b, -time.Hour)
			return nil
		}, store.Changed{Carts: []string{"before"}}},
		{"Both write.", func() error {
			mustAdd(t, b, "second", 13, 1)
			mustAdd(t, a, "first", 13, 1)
			return setStock(b, 14, 3)
		}, store.Changed{Products: []int64{14}, Carts: []string{"second", "first"}}},
	}
	for _, step := range steps {
		if err := step.do(); err != nil {
			t.Fatalf("%s %v", step.name, err)
		}
		for i, want := range []store.Changed{step.want, {}} {
			got, err := f.Look(t.Context())
			if d := diff(want, got); d != "" || err != nil {
				t.Errorf("%s Look number %d: %v (-want +got):\n%s", step.name, i+1, err, d)
			}
		}
	}
	testLookAfterAnError(t, f, b)
}

// testLookAfterAnError looks that what one call could not read is returned by
// the next one.
func testLookAfterAnError(t *testing.T, f *store.Follower, other *store.Store) {
	if _, err := other.SetStock(t.Context(), 12, 4); err != nil {
		t.Fatal(err)
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := f.Look(canceled); err == nil {
		t.Errorf("Look with a context that has ended = %v, nil; want an error", got)
	}
	got, err := f.Look(t.Context())
	if d := diff(store.Changed{Products: []int64{12}}, got); d != "" || err != nil {
		t.Errorf("Look afterwards: %v (-want +got):\n%s", err, d)
	}
}
