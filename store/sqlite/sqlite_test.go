package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"selvedge/store"
	"selvedge/store/sqlite"
	"selvedge/store/storetest"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(shopEnv); path != "" {
		keepShop(path)
	}
	goleak.VerifyTestMain(m)
}

func TestStoreInFile(t *testing.T) {
	storetest.Run(t, func(tb testing.TB) *store.Store {
		return open(tb, filepath.Join(tb.TempDir(), "shop.db"))
	})
	storetest.RunShared(t, func(tb testing.TB) (a, b *store.Store) {
		path := filepath.Join(tb.TempDir(), "shop.db")
		return open(tb, path), open(tb, path)
	})
}

func TestStoreInMemory(t *testing.T) {
	storetest.Run(t, func(tb testing.TB) *store.Store { return open(tb, sqlite.Memory) })
}

func TestStoresInMemoryAreApart(t *testing.T) {
	a, b := open(t, sqlite.Memory), open(t, sqlite.Memory)
	fill(t, a, 3)
	if empty, err := b.Empty(t.Context()); !empty || err != nil {
		t.Errorf("Empty of the other = %t, %v; want true", empty, err)
	}
}

func TestCanceledCallLeavesMemoryAsItIs(t *testing.T) {
	s := open(t, sqlite.Memory)
	fill(t, s, 3)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := s.Fill(ctx, func(yield func(store.Product) bool) {})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := s.SetStock(ctx, 1, 5); !errors.Is(err, context.Canceled) {
		t.Errorf("SetStock: %v; want %v", err, context.Canceled)
	}
	if _, err := s.Product(t.Context(), 1); err != nil {
		t.Errorf("Product afterwards: %v", err)
	}
}

func TestOpenKeepsWhatIsThere(t *testing.T) {
	for _, name := range []string{"shop.db", "a b.db", "50%?x=1#y&z.db", "größe.db"} {
		path := filepath.Join(t.TempDir(), name)
		for i := range 2 {
			s := open(t, path)
			empty, err := s.Empty(t.Context())
			if err != nil || empty != (i == 0) {
				t.Errorf("%q: Empty at opening %d = %t, %v", name, i+1, empty, err)
			}
			fill(t, s, 3)
			if err := s.Close(); err != nil {
				t.Errorf("%q: Close: %v", name, err)
			}
		}
		if _, err := os.Stat(path); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestOpenAtTheSameTime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			s, err := sqlite.Open(t.Context(), path)
			if err != nil {
				t.Error(err)
				return
			}
			_ = s.Close()
		})
	}
	wg.Wait()
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("no database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	younger := filepath.Join(dir, "younger.db")
	_ = open(t, younger).Close()
	execute(t, younger, "INSERT INTO migrations (number, name, applied) VALUES (9999, '9999_moon.sql', 0)")
	for _, tt := range []struct{ name, path, want string }{
		{"The folder is missing.", filepath.Join(dir, "missing", "shop.db"), "unable to open database file"},
		{"The path is a folder.", dir, "unable to open database file"},
		{"The file is no database.", text, "file is not a database"},
		{"The file is of a younger program.", younger, "schema 9999 is of a younger version"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := sqlite.Open(t.Context(), tt.path)
			if err == nil {
				_ = s.Close()
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), tt.path) {
				t.Errorf("Open(%q): %v; want the path and %q", tt.path, err, tt.want)
			}
		})
	}
}

func TestDatabaseThatStaysLockedIsBusy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	s := open(t, path)
	fill(t, s, 3)
	db, err := sql.Open("sqlite", "file:"+path+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	other, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Product(t.Context(), 1); err != nil {
		t.Errorf("Product while another process writes: %v", err)
	}
	if testing.Short() {
		t.Skip("waiting for the lock takes five seconds")
	}
	if _, err := s.SetStock(t.Context(), 1, 5); !errors.Is(err, store.ErrBusy) {
		t.Errorf("SetStock while another process writes: %v; want %v", err, store.ErrBusy)
	}
	if err := other.Rollback(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SetStock(t.Context(), 1, 5); err != nil {
		t.Errorf("SetStock afterwards: %v", err)
	}
}

func TestDatabaseHoldsItsOwnLimits(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	s := open(t, path)
	fill(t, s, 3)
	if _, err := s.Add(t.Context(), "cart", "", 1, 1); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=foreign_keys(1)")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, statement := range []string{
		"UPDATE products SET stock = -1",
		"UPDATE cart_lines SET quantity = 0",
		"UPDATE cart_lines SET quantity = 100",
		"UPDATE cart_lines SET product_id = 99",
		"DELETE FROM products",
		"DELETE FROM carts",
	} {
		_, err := db.ExecContext(t.Context(), statement)
		if err == nil || !strings.Contains(err.Error(), "constraint failed") {
			t.Errorf("%s: %v; want a failed constraint", statement, err)
		}
	}
}

// In a bubble of synctest a day passes at once.
func TestKeysAreForgottenAfterADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, sqlite.Memory)
		fill(t, s, 3)
		add := func(key string, want int) {
			t.Helper()
			cart, err := s.Add(t.Context(), "cart", key, 1, 1)
			if err != nil || cart.Count() != want {
				t.Errorf("Add under key %q: %d pieces, %v; want %d", key, cart.Count(), err, want)
			}
		}
		add("a", 1)
		time.Sleep(24*time.Hour - time.Second)
		add("a", 1)
		add("b", 2)
		time.Sleep(2 * time.Second)
		add("b", 2)
		add("a", 3)
	})
}

func execute(tb testing.TB, path, statement string) {
	tb.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(tb.Context(), statement); err != nil {
		tb.Fatal(err)
	}
}

func TestADatabaseInMemoryHasNothingToFollow(t *testing.T) {
	s := open(t, sqlite.Memory)
	f, err := s.Follow(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	fill(t, s, 3)
	got, err := f.Look(t.Context())
	if len(got.Products)+len(got.Carts) > 0 || err != nil {
		t.Errorf("Look = %v, %v; want nothing", got, err)
	}
	if err := f.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

func TestADatabaseWithARelativePathIsOpenedAgain(t *testing.T) {
	t.Chdir(t.TempDir())
	for range 2 {
		if err := open(t, "shop.db").Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestLookingForChangesReadsIndexes has the database say how it would find the
// rows that changed, for it is asked whenever anybody writes, and the carts
// without activity, for that is asked by a transaction that writes.
func TestLookingForChangesReadsIndexes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	_ = open(t, path).Close()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for statement, index := range map[string]string{
		"SELECT id FROM products WHERE changed > 1 ORDER BY changed":                 "products_changed",
		"SELECT id, stock, described FROM products WHERE changed > 1":                "COVERING INDEX products_changed",
		"SELECT id FROM carts WHERE changed > 1 ORDER BY changed":                    "carts_changed",
		"SELECT id, active FROM carts WHERE active < 1000 ORDER BY active LIMIT 100": "carts_active",
	} {
		var a, b, c int
		var plan string
		row := db.QueryRowContext(t.Context(), "EXPLAIN QUERY PLAN "+statement)
		if err := row.Scan(&a, &b, &c, &plan); err != nil || !strings.Contains(plan, index) {
			t.Errorf("%s: the plan is %q, %v; want one with the index %s", statement, plan, err, index)
		}
	}
}
