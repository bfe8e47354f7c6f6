package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"selvedge/store"
)

// endCarts calls EndCarts once, for carts without activity since an age ago. A
// negative age is a time to come, since which no cart has been active.
func endCarts(tb testing.TB, s *store.Store, age time.Duration) int {
	tb.Helper()
	n, err := s.EndCarts(tb.Context(), time.Now().Add(-age))
	if err != nil {
		tb.Fatalf("EndCarts: %v", err)
	}
	return n
}

func testEndCarts(t *testing.T, open func(testing.TB) *store.Store) {
	t.Run("A cart with activity stays as it is.", func(t *testing.T) {
		s := open(t)
		fill(t, s, goods()...)
		mustAdd(t, s, "cart", 13, 2)
		if n := endCarts(t, s, time.Hour); n != 0 {
			t.Errorf("EndCarts = %d; want 0", n)
		}
		if got, want := cart(t, s, "cart"), "v1: 2 of 13"; got != want {
			t.Errorf("cart = %q; want %q", got, want)
		}
	})
	t.Run("A cart without activity loses its lines, then its row.", func(t *testing.T) { testEndInSteps(t, open(t)) })
	t.Run("A cart that was bought keeps its version, and its orders stay.", func(t *testing.T) { testEndBought(t, open(t)) })
	t.Run("Many carts end in several transactions.", func(t *testing.T) { testEndMany(t, open(t)) })
	t.Run("Nothing ends when the call fails.", func(t *testing.T) {
		s := open(t)
		fill(t, s, goods()...)
		mustAdd(t, s, "cart", 13, 2)
		canceled, cancel := context.WithCancel(t.Context())
		cancel()
		if n, err := s.EndCarts(canceled, time.Now().Add(time.Hour)); n != 0 || reason(err) != reason(context.Canceled) {
			t.Errorf("EndCarts = %d, %v; want 0, %v", n, err, context.Canceled)
		}
		if got, want := cart(t, s, "cart"), "v1: 2 of 13"; got != want {
			t.Errorf("cart = %q; want %q", got, want)
		}
	})
}

// testEndInSteps ends a cart again and again, until nothing is left of it.
func testEndInSteps(t *testing.T, s *store.Store) {
	fill(t, s, goods()...)
	key := "key"
	if _, err := s.Add(t.Context(), "cart", key, 13, 2); err != nil {
		t.Fatal(err)
	}
	before := revision(t, s)
	for i, want := range []string{"v2:", "v0:", "v0:"} {
		n := endCarts(t, s, -time.Hour)
		if got := cart(t, s, "cart"); got != want || n != min(1, 2-i) {
			t.Errorf("call %d changes %d carts, and the cart is %q; want %q", i+1, n, got, want)
		}
		if after := revision(t, s); i == 0 && after <= before {
			t.Errorf("the revision goes from %d to %d with the lines; want it to grow", before, after)
		}
	}
	if _, err := s.Add(t.Context(), "cart", key, 11, 1); err != nil {
		t.Errorf("Add under the key of a request of a cart that was deleted: %v; want it free", err)
	}
	if got, want := cart(t, s, "cart"), "v1: 1 of 11"; got != want {
		t.Errorf("cart = %q; want %q", got, want)
	}
	if after := revision(t, s); after <= before {
		t.Errorf("the revision goes from %d to %d when the cart is filled again; want it to grow", before, after)
	}
}

func testEndBought(t *testing.T, s *store.Store) {
	fill(t, s, goods()...)
	mustAdd(t, s, "cart", 13, 2)
	order, err := s.Checkout(t.Context(), "cart", "key", store.Seen{Version: 1}, customer)
	if err != nil {
		t.Fatal(err)
	}
	mustAdd(t, s, "cart", 16, 1)
	for i, want := range []string{"v4:", "v4:", "v4:"} {
		n := endCarts(t, s, -time.Hour)
		if got := cart(t, s, "cart"); got != want || n != max(0, min(1, 2-i)) {
			t.Errorf("call %d changes %d carts, and the cart is %q; want %q", i+1, n, got, want)
		}
	}
	again, err := s.Order(t.Context(), "cart", order.ID)
	if diff := diff(order, again); diff != "" || err != nil {
		t.Errorf("the order afterwards: %v (-want +got):\n%s", err, diff)
	}
	mustAdd(t, s, "cart", 11, 1)
	endCarts(t, s, -time.Hour)
	if got, want := cart(t, s, "cart"), "v6:"; got != want {
		t.Errorf("a cart that is filled again and ends again = %q; want %q", got, want)
	}
}

// testEndMany counts each cart twice, because it loses its lines and then its
// row.
func testEndMany(t *testing.T, s *store.Store) {
	fill(t, s, goods()...)
	const carts = 250
	for i := range carts {
		mustAdd(t, s, fmt.Sprint("cart", i), 13, 1)
	}
	ended := 0
	for n := endCarts(t, s, -time.Hour); n > 0; n = endCarts(t, s, -time.Hour) {
		if n >= carts {
			t.Errorf("one call of EndCarts changes %d carts; want fewer than all %d", n, carts)
		}
		ended += n
	}
	if ended != 2*carts {
		t.Errorf("EndCarts changes %d times a cart; want 2 for each of %d", ended, carts)
	}
	for i := range carts {
		if got, want := cart(t, s, fmt.Sprint("cart", i)), "v0:"; got != want {
			t.Errorf("cart %d = %q; want %q", i, got, want)
		}
	}
}
