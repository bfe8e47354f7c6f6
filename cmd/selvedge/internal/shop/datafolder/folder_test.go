package datafolder_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"selvedge/cmd/selvedge/internal/shop/datafolder"
	"selvedge/store/sqlite"
)

// openKey returns the token key of a folder, with a new database.
func openKey(t *testing.T, f datafolder.Folder) []byte {
	t.Helper()
	if err := f.Make(); err != nil {
		t.Fatal(err)
	}
	s, err := sqlite.Open(t.Context(), f.Database())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	key, err := f.TokenKey(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestAFolderKeepsItsKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data")
	first := openKey(t, datafolder.New(path, false))
	if again := openKey(t, datafolder.New(path, false)); len(first) < 16 || !bytes.Equal(again, first) {
		t.Errorf("keys %q and %q; want the same of at least 16 bytes", first, again)
	}
	info, err := os.Stat(datafolder.New(path, false).Key())
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file of the key: %v, %v; want it closed to others", info, err)
	}
	memory := datafolder.New(sqlite.Memory, false)
	if a, b := openKey(t, memory), openKey(t, memory); bytes.Equal(a, b) {
		t.Errorf("two shops in memory have the key %q", a)
	}
}

func TestAFolderThatLostItsDatabase(t *testing.T) {
	path := t.TempDir()
	openKey(t, datafolder.New(path, false))
	if err := os.Remove(filepath.Join(path, "selvedge.db")); err != nil {
		t.Fatal(err)
	}
	if err := datafolder.New(path, false).Make(); err == nil {
		t.Error("Make makes a folder whose database is lost; want an error")
	}
	if err := datafolder.New(path, true).Make(); err != nil {
		t.Errorf("Make with fill = %v; want nil", err)
	}
}

func TestTheFileOfAKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token.key")
	if _, err := datafolder.ReadKey(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("ReadKey of no file = %v; want fs.ErrNotExist", err)
	}
	if err := datafolder.WriteKey(path, []byte("short")); err != nil {
		t.Fatal(err)
	}
	if _, err := datafolder.ReadKey(path); err == nil {
		t.Error("ReadKey accepts a key of 5 bytes")
	}
	if err := datafolder.WriteKey(path, []byte("0123456789abcdef")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("WriteKey over a key = %v; want fs.ErrExist", err)
	}
}
