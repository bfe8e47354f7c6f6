package storetest

import (
	"testing"

	"selvedge/store"
)

// testRevisions looks that the revision of a cart grows with every change of
// what it shows, whoever makes it, and stays when anything else changes.
func testRevisions(t *testing.T, open func(testing.TB) *store.Store) {
	s := open(t)
	fill(t, s, goods()...)
	setStock := func(id int64, stock int) func(testing.TB, *store.Store) (store.Cart, error) {
		return func(tb testing.TB, s *store.Store) (store.Cart, error) {
			_, err := s.SetStock(tb.Context(), id, stock)
			return store.Cart{}, err
		}
	}
	first, second := goods()[0].ID, goods()[2].ID
	steps := []struct {
		name  string
		do    func(testing.TB, *store.Store) (store.Cart, error)
		grows bool
	}{
		{"A line comes in.", add("", first, 1), true},
		{"A second line comes in.", add("", second, 1), true},
		{"The stock of a product in it changes.", setStock(first, 50), true},
		{"The product that changed last is taken out.", remove("", first), true},
		{"The stock of a product that is not in it changes.", setStock(first, 51), false},
		{"A quantity changes.", set("", second, 2), true},
		{"It is bought.", checkout("", store.AnyVersion), true},
	}
	before := revision(t, s)
	for _, step := range steps {
		if _, err := step.do(t, s); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		after := revision(t, s)
		if grown := after > before; grown != step.grows || after < before {
			t.Errorf("%s: the revision goes from %d to %d; want it to grow: %v", step.name, before, after, step.grows)
		}
		before = after
	}
}

func revision(t *testing.T, s *store.Store) int64 {
	t.Helper()
	c, err := s.Cart(t.Context(), "cart")
	if err != nil {
		t.Fatal(err)
	}
	return c.Revision
}
