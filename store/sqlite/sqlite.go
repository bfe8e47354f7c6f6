package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"selvedge/store"
)

// Memory is the path of a database that lives in memory, belongs to its Store
// alone, and is gone when it is closed.
const Memory = ":memory:"

// busyTimeout is how long a connection waits for the locks of others.
const busyTimeout = 5 * time.Second

// busyPragma has a connection do so.
var busyPragma = fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds())

// Open opens the database file at path, makes it if there is none, and brings
// it to the schema of this program. The folder must exist and be writable. A
// path of Memory opens a database in memory.
func Open(ctx context.Context, path string) (*store.Store, error) {
	s, err := open(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	return s, nil
}

func open(ctx context.Context, path string) (*store.Store, error) {
	d := store.Driver{Error: mapError}
	if path == Memory {
		d.Alone = true
		if err := openMemory(&d); err != nil {
			return nil, err
		}
		return connect(ctx, d)
	}
	lock, alone, err := lockDatabase(ctx, path)
	if err != nil {
		return nil, err
	}
	d.Lock, d.Alone = lock, alone
	if err := refuseForeign(ctx, path); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	if err := keepPrivate(path); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	if err := openFile(&d, path); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	s, err := connect(ctx, d)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	if err := lock.share(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// ErrForeign says that a file is the database of another program.
var ErrForeign = errors.New("the file is the database of another program")

// refuseForeign returns ErrForeign for a file with tables, none of which is the
// store's.
func refuseForeign(ctx context.Context, path string) error {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return onFile(path, func(db *sql.DB) error {
		var tables, ours int
		const count = `SELECT COUNT(*), COALESCE(SUM(name = 'migrations'), 0) FROM sqlite_master WHERE type = 'table'`
		err := db.QueryRowContext(ctx, count).Scan(&tables, &ours)
		if err == nil && tables > 0 && ours == 0 {
			err = ErrForeign
		}
		return err
	})
}

// connect returns the store, or closes the driver's handles.
func connect(ctx context.Context, d store.Driver) (s *store.Store, err error) {
	if err = connectWriter(ctx, d.Writer); err == nil {
		s, err = store.New(ctx, d)
	}
	if err != nil {
		return nil, errors.Join(err, d.Reader.Close(), d.Writer.Close())
	}
	return s, nil
}

// connectWriter makes the connection that puts the file into WAL mode. For
// that SQLite does not wait, in spite of its busy timeout, when another
// process is about to do the same.
func connectWriter(ctx context.Context, writer *sql.DB) error {
	ctx, cancel := context.WithTimeout(ctx, busyTimeout)
	defer cancel()
	for {
		err := mapError(writer.PingContext(ctx))
		if !errors.Is(err, store.ErrBusy) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// openMemory gives reads and writes one connection, for it is the database.
func openMemory(d *store.Driver) error {
	db, err := sql.Open("sqlite", Memory+"?"+pragmas("foreign_keys(1)").Encode())
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	d.Writer, d.Reader = db, db
	return nil
}

// openFile opens one connection that writes and several that read. In WAL
// mode they do not wait for each other.
func openFile(d *store.Driver, path string) error {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	// A confirmed order must survive not only the death of the process, for
	// which synchronous(NORMAL) would do, but also that of the machine.
	w := pragmas(busyPragma, "foreign_keys(1)", "journal_mode(WAL)", "synchronous(FULL)")
	w.Set("_txlock", "immediate") // or two that read first could not both write
	r := pragmas(busyPragma, "query_only(1)")
	d.Bell = func() (store.Bell, error) { return newBell(absolute) }
	if d.Writer, err = openPool(path, w, 1); err != nil {
		return err
	}
	d.Reader, err = openPool(path, r, max(4, runtime.NumCPU()))
	return err
}

func openPool(path string, params url.Values, size int) (*sql.DB, error) {
	absolute, err := filepath.Abs(path) // the URI of a relative path has it as a host
	if err != nil {
		return nil, err
	}
	uri := url.URL{Scheme: "file", Path: filepath.ToSlash(absolute), RawQuery: params.Encode()}
	db, err := sql.Open("sqlite", uri.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return db, nil
}

func pragmas(values ...string) url.Values {
	return url.Values{"_pragma": values}
}

// mapError maps the result codes that a caller can do something about.
func mapError(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff { // the low byte of an extended result code is the code
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED:
		return fmt.Errorf("%w: %w", store.ErrBusy, err)
	}
	return err
}
