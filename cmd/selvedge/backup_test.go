package main

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"selvedge/cmd/selvedge/internal/shop/datafolder"
)

// command runs a command of the program that ends by itself.
func command(t *testing.T, args ...string) (code int, stderr string) {
	t.Helper()
	var log strings.Builder
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second) // should it serve instead
	defer cancel()
	code = run(ctx, append([]string{"selvedge"}, args...), strings.NewReader(""), io.Discard, &log)
	return code, log.String()
}

// wantRefused checks that a command ends with one sentence about why.
func wantRefused(t *testing.T, why string, args ...string) {
	t.Helper()
	code, stderr := command(t, args...)
	last := stderr[strings.LastIndex(strings.TrimSuffix(stderr, "\n"), "\n")+1:]
	if code != 1 || !strings.HasPrefix(last, "selvedge: ") || !strings.Contains(last, why) {
		t.Errorf("selvedge %s: code %d, %q; want 1 and a sentence with %q", strings.Join(args, " "), code, stderr, why)
	}
}

// TestABackupOfARunningShopIsRestored takes a backup while the last writes
// stand in the log beside the database alone, and goes on to write.
func TestABackupOfARunningShopIsRestored(t *testing.T) {
	data, file, restored := t.TempDir(), filepath.Join(t.TempDir(), "shop.backup"), filepath.Join(t.TempDir(), "data")
	s := startShop(t, "--data", data, "--products", "30")
	s.post("/api/cart", "productId=3&quantity=2")
	order := placeOrder(t, s)
	s.post("/api/cart", "productId=5&quantity=4")
	if code, stderr := command(t, "backup", "--data", data, file); code != 0 {
		t.Fatalf("backup: code %d, %s", code, stderr)
	}
	s.post("/api/cart", "productId=7&quantity=1")
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup: %v, %v; want its owner's alone", info.Mode(), err)
	}
	wantRefused(t, "exists", "backup", "--data", data, file)
	if left, _ := filepath.Glob(file + "?*"); len(left) > 0 {
		t.Errorf("files are left beside the backup: %q", left)
	}

	if code, stderr := command(t, "restore", "--data", restored, file); code != 0 {
		t.Fatalf("restore: code %d, %s", code, stderr)
	}
	wantRefused(t, "without a shop", "restore", "--data", restored, file)
	again := startShop(t, "--data", restored)
	again.client = s.client // its session is signed with the key in the backup
	if got := again.page(order); got.StatusCode != http.StatusOK {
		t.Errorf("the order is %d; want 200", got.StatusCode)
	}
	if got := again.json(http.MethodGet, "/api/cart", "").body; !strings.Contains(got, `"productId":5,`) || strings.Contains(got, `"productId":7,`) {
		t.Errorf("the cart is %s; want that of the time of the backup", got)
	}
	if got := again.json(http.MethodGet, "/api/products/31", ""); got.StatusCode != http.StatusNotFound {
		t.Errorf("product 31 of 30 is %d; want 404", got.StatusCode)
	}
}

func TestWhatIsNoBackupIsNotRestored(t *testing.T) {
	folder := t.TempDir()
	text, other := filepath.Join(folder, "text"), filepath.Join(folder, "other.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("no database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	execute(t, other, "CREATE TABLE things (id BIGINT)")
	for _, file := range []string{text, other, filepath.Join(folder, "missing")} {
		data := filepath.Join(folder, "data")
		wantRefused(t, "restore "+file, "restore", "--data", data, file)
		if files, _ := filepath.Glob(filepath.Join(data, "*")); len(files) > 0 {
			t.Errorf("restoring %s leaves %q", file, files)
		}
	}
	wantRefused(t, "token.key", "backup", "--data", folder, filepath.Join(folder, "new"))
}

// TestADatabaseThatIsNotTheShopsIsRefused starts on folders whose key says that
// there was a shop.
func TestADatabaseThatIsNotTheShopsIsRefused(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(t *testing.T, data string)
		why   string
		fills bool // with --fill
	}{
		{"the database is missing", func(t *testing.T, data string) { removeFile(t, filepath.Join(data, "selvedge.db")) }, "is missing", true},
		{"the database is an empty file", func(t *testing.T, data string) {
			files, _ := filepath.Glob(filepath.Join(data, "selvedge.db*"))
			for _, file := range files {
				// SQLite removes -wal and -shm itself when its last connection closes.
				if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
					t.Fatal(err)
				}
			}
			if err := os.WriteFile(filepath.Join(data, "selvedge.db"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}, "is empty", true},
		{"the database lost what stood in its log", func(t *testing.T, data string) {
			execute(t, filepath.Join(data, "selvedge.db"), "DELETE FROM products")
		}, "is empty", true},
		{"the database is of another shop", func(t *testing.T, data string) {
			removeFile(t, filepath.Join(data, "token.key"))
			if err := datafolder.WriteKey(filepath.Join(data, "token.key"), []byte("another key of 16 bytes")); err != nil {
				t.Fatal(err)
			}
		}, "another key", true},
		{"the database is of another program", func(t *testing.T, data string) {
			removeFile(t, filepath.Join(data, "selvedge.db"))
			execute(t, filepath.Join(data, "selvedge.db"), "CREATE TABLE things (id BIGINT)")
		}, "another program", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			data := t.TempDir()
			t.Run("before", func(t *testing.T) { startShop(t, "--data", data, "--products", "2") })
			test.spoil(t, data)
			args := []string{"--data", data, "--listen", "127.0.0.1:0"}
			wantRefused(t, test.why, args...)
			wantRefused(t, test.why, append([]string{"fragment", "cart"}, args...)...)
			if !test.fills {
				wantRefused(t, test.why, append(args, "--fill")...)
				return
			}
			s := startShop(t, "--data", data, "--fill")
			if got := s.page("/"); got.StatusCode != http.StatusOK {
				t.Errorf("with --fill the list is %d; want 200", got.StatusCode)
			}
		})
	}
}

func removeFile(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

// execute runs a statement on a database file, without the program.
func execute(t *testing.T, path, statement string) {
	t.Helper()
	// A shop that has just stopped may still write its log into the file.
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(60000)")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}
