package main

import (
	"crypto/rand"
	"os"
	"path/filepath"
)

// devKey returns the key of sites in development, which each user has in a file. With it,
// pages that were opened before a restart of selvedge dev are live again. It is empty where
// the file cannot be kept: then they have to be loaded again.
func devKey() string {
	folder, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	name := filepath.Join(folder, "selvedge", "dev.key")
	if text, err := os.ReadFile(name); err == nil && len(text) > 0 { //nolint:gosec // our own file
		return string(text)
	}
	key := rand.Text()
	if os.MkdirAll(filepath.Dir(name), 0o700) != nil || os.WriteFile(name, []byte(key), 0o600) != nil {
		return ""
	}
	return key
}
