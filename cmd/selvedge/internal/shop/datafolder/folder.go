// Package datafolder is the folder of a shop: a database, and beside the database the key
// that signs page tokens. The key outlives a restart, so that open pages can connect again.
package datafolder

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

// Folder is the folder of a shop, or memory for a shop without a folder.
type Folder struct {
	Path   string
	fill   bool // begin a shop in an empty database, or take over the database of another key
	hadKey bool // the key is older than this process: the folder had a shop
}

// New returns the folder at a path, or sqlite.Memory. With fill, an empty database or the
// database of another key is no error.
func New(path string, fill bool) Folder {
	d := Folder{Path: path, fill: fill}
	if !d.InMemory() {
		_, err := os.Stat(d.Key())
		d.hadKey = err == nil
	}
	return d
}

// InMemory reports whether the shop has no folder.
func (d Folder) InMemory() bool { return d.Path == sqlite.Memory }

// Database returns the path of the database.
func (d Folder) Database() string {
	if d.InMemory() {
		return sqlite.Memory
	}
	return filepath.Join(d.Path, "selvedge.db")
}

// Key returns the path of the key.
func (d Folder) Key() string { return filepath.Join(d.Path, "token.key") }

// Make makes the folder. The error of a folder with a key and without a database asks the
// operator to decide, because the shop was lost.
func (d Folder) Make() error {
	if d.InMemory() {
		return nil
	}
	if err := os.MkdirAll(d.Path, 0o750); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	if _, err := os.Stat(d.Database()); errors.Is(err, fs.ErrNotExist) && d.hadKey && !d.fill {
		return d.missing("is missing")
	}
	return nil
}

// RefuseEmpty returns an error for a store without products in a folder that had a shop. A
// copy of a database without its -wal file is empty too.
func (d Folder) RefuseEmpty(ctx context.Context, s *store.Store) error {
	if !d.hadKey || d.fill {
		return nil
	}
	empty, err := s.Empty(ctx)
	if err == nil && empty {
		err = d.missing("is empty")
	}
	return err
}

func (d Folder) missing(how string) error {
	return fmt.Errorf("the database %s %s, but the key beside it says that there was a shop: "+
		"restore a backup, move the key away, or begin a shop with --fill", d.Database(), how)
}

// TokenKey returns the key, and makes a missing key. The database of another key is an
// error.
func (d Folder) TokenKey(ctx context.Context, s *store.Store) ([]byte, error) {
	if d.InMemory() {
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
			"put the right one there, move this one away, or take the database over with --fill", d.Database())
	}
	return key, s.MarkKey(ctx, key)
}

func (d Folder) readOrMakeKey() ([]byte, error) {
	key := []byte(rand.Text())
	err := WriteKey(d.Key(), key)
	if errors.Is(err, fs.ErrExist) {
		return ReadKey(d.Key())
	}
	return key, err
}

// WriteKey writes a key to a new file. The error of an existing file is fs.ErrExist.
func WriteKey(path string, key []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the operator's own folder
	if err != nil {
		return err
	}
	_, err = file.Write(key)
	return errors.Join(err, file.Sync(), file.Close())
}

// ReadKey reads the key in a file, and closes the file to all users but its owner.
func ReadKey(path string) ([]byte, error) {
	key, err := os.ReadFile(path) //nolint:gosec // the operator's own folder
	if err == nil {
		err = os.Chmod(path, 0o600)
	}
	if err == nil && len(key) < 16 {
		err = fmt.Errorf("%s is too short; remove it to have another one made", path)
	}
	return key, err
}
