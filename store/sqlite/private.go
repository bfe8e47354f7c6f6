package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// keepPrivate makes the database file if there is none, and takes the files of
// the database away from everybody but their owner: they hold addresses. SQLite
// gives the files that it makes beside the database the database's mode.
func keepPrivate(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // the operator's own file
	if err != nil {
		return fmt.Errorf("unable to open database file: %w", err)
	}
	if err := file.Close(); err != nil {
		return err
	}
	for _, suffix := range []string{"", "-wal", "-shm", lockSuffix} {
		if err := restrict(path + suffix); err != nil {
			return fmt.Errorf("keep the database from other users: %w", err)
		}
	}
	return nil
}

// restrict leaves a file, if there is one, to its owner.
func restrict(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil || info.Mode().Perm()&0o077 == 0 {
		return err
	}
	return os.Chmod(path, 0o600)
}
