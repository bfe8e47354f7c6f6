package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"selvedge/store"
)

// Run tests a store that nobody else has open. Open returns an empty one.
func Run(t *testing.T, open func(testing.TB) *store.Store) {
	t.Run("products", func(t *testing.T) { testProducts(t, open) })
	t.Run("carts", func(t *testing.T) { testCarts(t, open) })
	t.Run("revisions", func(t *testing.T) { testRevisions(t, open) })
	t.Run("keys", func(t *testing.T) { testKeys(t, open) })
	t.Run("checkout", func(t *testing.T) { testCheckout(t, open) })
	t.Run("orders", func(t *testing.T) { testOrders(t, open) })
	t.Run("end of carts", func(t *testing.T) { testEndCarts(t, open) })
	t.Run("search", func(t *testing.T) { testSearch(t, open) })
	t.Run("shoppers", func(t *testing.T) { testShoppers(t, open) })
	t.Run("suggestions", func(t *testing.T) { testSuggestions(t, open) })
	t.Run("concurrency", func(t *testing.T) {
		testConcurrency(t, func(tb testing.TB) (*store.Store, *store.Store) {
			s := open(tb)
			return s, s
		})
	})
}

// RunShared tests two stores on one database, as two processes have them. Open
// returns them, empty.
func RunShared(t *testing.T, open func(testing.TB) (a, b *store.Store)) {
	t.Run("shared", func(t *testing.T) { testShared(t, open) })
	t.Run("follower", func(t *testing.T) { testFollower(t, open) })
	t.Run("concurrency of two stores", func(t *testing.T) { testConcurrency(t, open) })
}

// fill puts products into an empty store.
func fill(tb testing.TB, s *store.Store, products ...store.Product) {
	tb.Helper()
	n, err := s.Fill(tb.Context(), slices.Values(products))
	if err != nil || n != len(products) {
		tb.Fatalf("Fill = %d, %v; want %d products", n, err, len(products))
	}
}

// product returns the product with an id.
func product(tb testing.TB, s *store.Store, id int64) store.Product {
	tb.Helper()
	p, err := s.Product(tb.Context(), id)
	if err != nil {
		tb.Fatalf("Product(%d): %v", id, err)
	}
	return p
}

// cart returns a cart as cartText prints it.
func cart(tb testing.TB, s *store.Store, id string) string {
	tb.Helper()
	c, err := s.Cart(tb.Context(), id)
	if err != nil {
		tb.Fatalf("Cart(%q): %v", id, err)
	}
	return cartText(c)
}

// cartText prints version, products and quantities: "v3: 2 of 7, 1 of 5".
func cartText(c store.Cart) string {
	lines := make([]string, len(c.Lines))
	for i, l := range c.Lines {
		lines[i] = fmt.Sprintf("%d of %d", l.Quantity, l.Product.ID)
	}
	return strings.TrimSpace(fmt.Sprintf("v%d: %s", c.Version, strings.Join(lines, ", ")))
}

// reason returns what a caller can know of an error: a sentinel's text, or
// that of a *store.ShortError or a *store.ScarceError.
func reason(err error) string {
	var short *store.ShortError
	if errors.As(err, &short) {
		return short.Error()
	}
	var scarce *store.ScarceError
	if errors.As(err, &scarce) {
		return fmt.Sprintf("%v, %d in the cart, %d possible", scarce, scarce.InCart, scarce.Possible())
	}
	for _, sentinel := range []error{
		store.ErrNotFound, store.ErrQuantity, store.ErrStock, store.ErrEmpty,
		store.ErrChanged, store.ErrKeyReused, store.ErrBusy,
		context.Canceled, context.DeadlineExceeded,
	} {
		if errors.Is(err, sentinel) {
			return sentinel.Error()
		}
	}
	if err != nil {
		return "unknown: " + err.Error()
	}
	return ""
}

// short returns the reason of a *store.ShortError with one line.
func short(name string, wanted, left int) error {
	return &store.ShortError{Lines: []store.Line{
		{Product: store.Product{Name: name, Stock: left}, Quantity: wanted},
	}}
}

// scarce returns the reason of a *store.ScarceError.
func scarce(name string, wanted, left, inCart int) error {
	return &store.ScarceError{Product: store.Product{Name: name, Stock: left}, Wanted: wanted, InCart: inCart}
}
