package sqlite_test

import (
	"path/filepath"
	"testing"
	"time"
)

// TestACartOfUnknownAgeCountsFromTheFirstCall takes the time of its activity
// from a cart, as the carts of an older version of the program have none.
func TestACartOfUnknownAgeCountsFromTheFirstCall(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	s := open(t, path)
	fill(t, s, 3)
	if _, err := s.Add(t.Context(), "cart", "", 1, 2); err != nil {
		t.Fatal(err)
	}
	execute(t, path, "UPDATE carts SET active = 0")
	start := time.Now()
	for _, call := range []struct {
		since         time.Time
		ended, pieces int
	}{
		{start.Add(-time.Hour), 1, 2}, // the cart gets a time
		{start.Add(-time.Hour), 0, 2},
		{start.Add(time.Hour), 1, 0},
	} {
		n, err := s.EndCarts(t.Context(), call.since)
		if err != nil || n != call.ended {
			t.Errorf("EndCarts = %d, %v; want %d", n, err, call.ended)
		}
		cart, err := s.Cart(t.Context(), "cart")
		if err != nil || cart.Count() != call.pieces {
			t.Errorf("the cart has %d pieces, %v; want %d", cart.Count(), err, call.pieces)
		}
	}
}
