package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"io"
)

// Driver is how a database's own package, such as store/sqlite, gives its
// connections to New.
type Driver struct {
	// Writer begins transactions that write. One transaction must not lose
	// the update of another: SQLite begins them IMMEDIATE on one connection,
	// PostgreSQL locks the rows that the statements touch.
	Writer *sql.DB

	// Reader begins read-only transactions that see one snapshot. It may be
	// Writer.
	Reader *sql.DB

	// Error maps what the driver returned to the errors of this package, such
	// as ErrBusy, and leaves other errors as they are.
	Error func(error) error

	// Alone says that nobody else has the database open, so that New begins
	// another epoch; see [Store.Epoch].
	Alone bool

	// Bell makes what tells a Follower that there may be changes; nil: no
	// other process can write to the database.
	Bell func() (Bell, error)

	// Lock is what tells others that the database is open. It is released
	// when the Store is closed; nil: nothing is.
	Lock io.Closer
}

// Store is the shop's data in one database. Its methods may be called from
// many goroutines, and other processes may use the same database.
type Store struct {
	driver Driver
	search searchIndex
	pinger pinger
}

// New brings the database to the schema of this program and returns a Store
// on it, which owns the driver's handles from then on. When New fails, they
// still belong to the caller.
func New(ctx context.Context, d Driver) (*Store, error) {
	s := &Store{driver: d}
	if err := s.migrate(ctx); err != nil {
		return nil, err
	}
	if err := s.beginEpoch(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// Close closes the database. Methods that still run fail.
func (s *Store) Close() error {
	err := s.driver.Reader.Close()
	if s.driver.Writer != s.driver.Reader {
		err = cmp.Or(err, s.driver.Writer.Close())
	}
	if s.driver.Lock != nil {
		err = cmp.Or(err, s.driver.Lock.Close())
	}
	if err != nil {
		return fmt.Errorf("close store: %w", err)
	}
	return nil
}

// read runs f in one read-only transaction. Doing is what the caller was
// about, and begins the error.
func (s *Store) read(ctx context.Context, doing string, f func(*sql.Tx) error) error {
	return s.transact(ctx, s.driver.Reader, true, doing, f)
}

// write runs f in one transaction, which is rolled back if f fails.
func (s *Store) write(ctx context.Context, doing string, f func(*sql.Tx) error) error {
	return s.transact(ctx, s.driver.Writer, false, doing, f)
}

func (s *Store) transact(ctx context.Context, db *sql.DB, readOnly bool, doing string, f func(*sql.Tx) error) error {
	if err := inTx(ctx, db, readOnly, f); err != nil {
		return fmt.Errorf("%s: %w", doing, s.driver.Error(err))
	}
	return nil
}

func inTx(ctx context.Context, db *sql.DB, readOnly bool, f func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: readOnly})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after Commit
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// exec runs a statement and returns how many rows it changed.
func exec(ctx context.Context, tx *sql.Tx, statement string, args ...any) (int64, error) {
	result, err := tx.ExecContext(ctx, statement, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// query calls scan for every row.
func query(ctx context.Context, tx *sql.Tx, scan func(scanner) error, statement string, args ...any) error {
	rows, err := tx.QueryContext(ctx, statement, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// scanner is a row: *sql.Row or *sql.Rows.
type scanner interface {
	Scan(dest ...any) error
}
