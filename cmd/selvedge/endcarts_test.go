package main

import (
	"path/filepath"
	"testing"
)

// TestACartThatEndsIsPushedToItsOpenPages has a second process end a cart whose
// activity is made to lie long ago.
func TestACartThatEndsIsPushedToItsOpenPages(t *testing.T) {
	data := t.TempDir()
	s := startShop(t, "--data", data)
	s.post("/api/cart", "productId=1&quantity=2")
	stream := s.stream(t, s.liveURL("/cart"))
	execute(t, filepath.Join(data, "selvedge.db"), "UPDATE carts SET active = 1")
	startShop(t, "--data", data)
	stream.await("#cart-mini", "0 pieces")
}
