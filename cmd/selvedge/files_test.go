package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// TestFilesOfTheDataFolderAreTheirOwnersAlone holds in a folder that everybody
// may read, for files that are made and for those that were there.
func TestFilesOfTheDataFolderAreTheirOwnersAlone(t *testing.T) {
	data := t.TempDir()
	if err := os.Chmod(data, 0o755); err != nil { //nolint:gosec // that is what is tested
		t.Fatal(err)
	}
	for _, state := range []string{"made", "open to everybody before"} {
		t.Run(state, func(t *testing.T) {
			s := startShop(t, "--data", data)
			s.post("/api/cart", "productId=1") // so that there is a log of writes
			files, err := filepath.Glob(filepath.Join(data, "*"))
			if err != nil || len(files) < 4 {
				t.Fatalf("the folder has %q, %v; want the database, what belongs to it, and the key", files, err)
			}
			for _, file := range files {
				info, err := os.Stat(file)
				if err != nil {
					t.Fatal(err)
				}
				if got := info.Mode().Perm(); got != 0o600 {
					t.Errorf("%s has the mode %v; want %v", filepath.Base(file), got, fs.FileMode(0o600))
				}
			}
		})
		files, err := filepath.Glob(filepath.Join(data, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if err := os.Chmod(file, 0o644); err != nil { //nolint:gosec // that is what is tested
				t.Fatal(err)
			}
		}
	}
}
