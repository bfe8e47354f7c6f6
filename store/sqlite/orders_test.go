package sqlite_test

import (
	"path/filepath"
	"testing"

	"selvedge/store"
)

// TestAnOrderFromBeforeEmailIsKept takes back the migration by which orders have an
// address, and opens the database again.
func TestAnOrderFromBeforeEmailIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	s := open(t, path)
	fill(t, s, 1)
	if _, err := s.Add(t.Context(), "cart", "", 1, 1); err != nil {
		t.Fatal(err)
	}
	order, err := s.Checkout(t.Context(), "cart", "", store.Seen{Version: 1}, store.Customer{Name: "Ada", Email: "ada@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	execute(t, path, "ALTER TABLE orders DROP COLUMN email")
	execute(t, path, "DELETE FROM migrations WHERE number >= 9")

	got, err := open(t, path).Order(t.Context(), "cart", order.ID)
	if want := (store.Customer{Name: "Ada"}); err != nil || got.Customer != want {
		t.Errorf("order of %+v, %v; want %+v", got.Customer, err, want)
	}
}
