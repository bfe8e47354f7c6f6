package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
)

// Backup writes a copy of the database file at path to the file at to, which
// must not exist, with a key that Restore returns. Others may write to the
// database meanwhile: the copy is of one moment. It holds everything that the
// database holds, and the key, so it is its owner's alone (mode 0600).
func Backup(ctx context.Context, path, to string, key []byte) error {
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("back up %s: %w", path, err)
	}
	part := to + ".part"
	if err := backUp(ctx, path, part, key); err != nil {
		_ = os.Remove(part)
		return fmt.Errorf("back up %s: %w", path, err)
	}
	// A link never replaces a file that is there, as a renaming would.
	err := errors.Join(os.Link(part, to), os.Remove(part))
	if err != nil {
		return fmt.Errorf("back up %s: %w", path, err)
	}
	return nil
}

func backUp(ctx context.Context, path, part string, key []byte) error {
	file, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) //nolint:gosec // the operator's own file
	if err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	// SQLite makes the copy in one reading transaction, without the log.
	if err := onFile(path, func(db *sql.DB) error {
		_, err := db.ExecContext(ctx, `VACUUM INTO $1`, part)
		return err
	}); err != nil {
		return err
	}
	return onFile(part, func(db *sql.DB) error {
		if _, err := db.ExecContext(ctx, `CREATE TABLE backup (key TEXT NOT NULL)`); err != nil {
			return err
		}
		_, err := db.ExecContext(ctx, `INSERT INTO backup (key) VALUES ($1)`, string(key))
		return err
	})
}

// Restore makes the database file at path, which must not exist, of a copy that
// Backup has written. Before that it hands the key in the copy to keep. A file
// that is no such copy, or is damaged, is an error, and nothing is made of it.
func Restore(ctx context.Context, from, path string, keep func(key []byte) error) error {
	part := path + ".part"
	defer func() { _ = os.Remove(part) }()
	key, err := restore(ctx, from, part)
	if err == nil {
		err = keep(key)
	}
	if err == nil {
		err = os.Link(part, path)
	}
	if err != nil {
		return fmt.Errorf("restore %s: %w", from, err)
	}
	return nil
}

func restore(ctx context.Context, from, part string) ([]byte, error) {
	if err := copyFile(from, part); err != nil {
		return nil, err
	}
	var key string
	err := onFile(part, func(db *sql.DB) error {
		var state string
		if err := db.QueryRowContext(ctx, `PRAGMA integrity_check`).Scan(&state); err != nil {
			return err
		}
		if state != "ok" {
			return fmt.Errorf("the file is damaged: %s", state)
		}
		if err := db.QueryRowContext(ctx, `SELECT key FROM backup`).Scan(&key); err != nil {
			return fmt.Errorf("the file is no backup: %w", err)
		}
		_, err := db.ExecContext(ctx, `DROP TABLE backup`)
		return err
	})
	return []byte(key), err
}

func copyFile(from, to string) error {
	in, err := os.Open(from) //nolint:gosec // the operator's own file
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) //nolint:gosec // as above
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// onFile calls f with one connection to a file, as it is: the database is not
// brought to a schema.
func onFile(path string, f func(*sql.DB) error) error {
	db, err := openPool(path, pragmas(busyPragma), 1)
	if err != nil {
		return err
	}
	return errors.Join(mapError(f(db)), db.Close())
}
