package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"selvedge/store"
	"selvedge/store/sqlite"
)

// dataFolder is where the shop's data lies: a database, and beside it the key
// that signs page tokens, so that pages which are open while the server is
// restarted can come back.
type dataFolder struct {
	path   string
	fill   bool // begin a shop whatever the key says
	hadKey bool // before this process: there was a shop
}

func newDataFolder(path string, fill bool) dataFolder {
	d := dataFolder{path: path, fill: fill}
	if !d.inMemory() {
		_, err := os.Stat(d.key())
		d.hadKey = err == nil
	}
	return d
}

func (d dataFolder) inMemory() bool { return d.path == sqlite.Memory }

func (d dataFolder) database() string {
	if d.inMemory() {
		return sqlite.Memory
	}
	return filepath.Join(d.path, "selvedge.db")
}

func (d dataFolder) key() string { return filepath.Join(d.path, "token.key") }

// make makes the folder. It makes no database in a folder that had one.
func (d dataFolder) make() error {
	if d.inMemory() {
		return nil
	}
	if err := os.MkdirAll(d.path, 0o750); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	if _, err := os.Stat(d.database()); errors.Is(err, fs.ErrNotExist) && d.hadKey && !d.fill {
		return d.missing("is missing")
	}
	return nil
}

// refuseEmpty returns an error for a store without products in a folder that
// had a shop. A copy of a database without its -wal file looks like that.
func (d dataFolder) refuseEmpty(ctx context.Context, s *store.Store) error {
	if !d.hadKey || d.fill {
		return nil
	}
	empty, err := s.Empty(ctx)
	if err == nil && empty {
		err = d.missing("is empty")
	}
	return err
}

func (d dataFolder) missing(how string) error {
	return fmt.Errorf("the database %s %s, but the key beside it says that there was a shop: "+
		"restore a backup, move the key away, or begin a shop with --fill", d.database(), how)
}

// tokenKey returns the key, which it makes if there is none. The database of
// another key is an error.
func (d dataFolder) tokenKey(ctx context.Context, s *store.Store) ([]byte, error) {
	if d.inMemory() {
		return []byte(rand.Text()), nil
	}
	key, err := d.readOrMakeKey()
	if err != nil {
		return nil, fmt.Errorf("key of page tokens: %w", err)
	}
	ours, err := s.BelongsTo(ctx, key)
	if err != nil {
		return nil, err
	}
	if !ours && d.hadKey && !d.fill {
		return nil, fmt.Errorf("the database %s belongs to another key than the one beside it: "+
			"put the right one there, move this one away, or take the database over with --fill", d.database())
	}
	return key, s.MarkKey(ctx, key)
}

func (d dataFolder) readOrMakeKey() ([]byte, error) {
	key := []byte(rand.Text())
	err := writeKey(d.key(), key)
	if errors.Is(err, fs.ErrExist) {
		return readKey(d.key())
	}
	return key, err
}

// writeKey writes a key to a file that must not exist.
func writeKey(path string, key []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the operator's own folder
	if err != nil {
		return err
	}
	_, err = file.Write(key)
	return errors.Join(err, file.Sync(), file.Close())
}

func readKey(path string) ([]byte, error) {
	key, err := os.ReadFile(path) //nolint:gosec // the operator's own folder
	if err == nil {
		err = os.Chmod(path, 0o600)
	}
	if err == nil && len(key) < 16 {
		err = fmt.Errorf("%s is too short; remove it to have another one made", path)
	}
	return key, err
}
