package sqlite_test

import (
	"os"
	"path/filepath"
	"testing"

	"selvedge/store"
	"selvedge/store/sqlite"
)

func epoch(t *testing.T, s *store.Store) string {
	t.Helper()
	e, err := s.Epoch(t.Context())
	if err != nil || e == "" {
		t.Fatalf("Epoch = %q, %v; want one", e, err)
	}
	return e
}

func TestStoresThatAreOpenTogetherHaveOneEpoch(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	first, second := open(t, path), open(t, path)
	if a, b := epoch(t, first), epoch(t, second); a != b {
		t.Errorf("the epochs of two stores on one file are %s and %s; want one", a, b)
	}
	before := epoch(t, first)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if third := open(t, path); epoch(t, third) != before {
		t.Error("the epoch ends while a store is open; want it to last")
	}
}

// TestARestoredBackupHasAnotherEpoch copies the file as an operator does.
func TestARestoredBackupHasAnotherEpoch(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	closed := func() string {
		s, err := sqlite.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		return epoch(t, s)
	}
	first := closed()
	backup, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	second := closed()
	if err := os.WriteFile(path, backup, 0o600); err != nil {
		t.Fatal(err)
	}
	if third := closed(); third == first || third == second || second == first {
		t.Errorf("the epochs are %s, %s and, with the data of the first, %s; want three", first, second, third)
	}
}

func TestProductsAndCartsNameTheirEpoch(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "shop.db"))
	fill(t, s, 3)
	want := epoch(t, s)
	got := make(map[string]string)
	keep := func(name string, epoch func() (string, error)) {
		e, err := epoch()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got[name] = e
	}
	keep("a product", func() (string, error) { p, err := s.Product(t.Context(), 1); return p.Epoch, err })
	keep("a product of a list", func() (string, error) {
		l, err := s.Products(t.Context(), store.Query{})
		return l.Products[0].Epoch, err
	})
	keep("a product that is written", func() (string, error) { p, err := s.SetStock(t.Context(), 1, 5); return p.Epoch, err })
	keep("a cart that nobody wrote to", func() (string, error) { c, err := s.Cart(t.Context(), "a"); return c.Epoch, err })
	keep("a cart that is written", func() (string, error) { c, err := s.Add(t.Context(), "a", "", 1, 1); return c.Epoch, err })
	keep("a product in a cart", func() (string, error) {
		c, err := s.Cart(t.Context(), "a")
		return c.Lines[0].Product.Epoch, err
	})
	for name, epoch := range got {
		if epoch != want {
			t.Errorf("%s has the epoch %q; want %q", name, epoch, want)
		}
	}
}
