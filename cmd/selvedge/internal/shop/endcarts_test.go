package shop

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/store"
	"selvedge/store/sqlite"
)

// TestACartEndsAfter90DaysWithoutActivity writes to a cart twice, with 89 days
// in between, and lets the days pass at once.
func TestACartEndsAfter90DaysWithoutActivity(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := sqlite.Open(t.Context(), sqlite.Memory)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		vase := store.Product{ID: 1, Name: "Vase", Category: "living", Price: store.Euro(2450), Stock: 3}
		if _, err := s.Fill(t.Context(), slices.Values([]store.Product{vase})); err != nil {
			t.Fatal(err)
		}
		pieces := func(want int) {
			t.Helper()
			synctest.Wait()
			cart, err := s.Cart(t.Context(), "cart")
			if err != nil || cart.Count() != want {
				t.Errorf("the cart has %d pieces, %v; want %d", cart.Count(), err, want)
			}
		}
		const day = 24 * time.Hour
		for range 2 {
			if _, err := s.Add(t.Context(), "cart", "", 1, 1); err != nil {
				t.Fatal(err)
			}
			time.Sleep(89 * day)
		}
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		go endCarts(ctx, s, slog.New(slog.DiscardHandler))
		pieces(2)
		time.Sleep(day - time.Second)
		pieces(2)
		time.Sleep(2 * time.Hour)
		pieces(0)
	})
}
