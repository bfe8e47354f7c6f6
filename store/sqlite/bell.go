package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"selvedge/store"
)

// bell tells whether the file has changed by PRAGMA data_version, which is
// another one after any other connection has committed. The number belongs to
// a connection, so the bell keeps one for itself. In WAL mode asking for it
// reads shared memory and no file.
type bell struct {
	db      *sql.DB
	conn    *sql.Conn // nil: the next call opens one
	version int64
}

var _ store.Bell = (*bell)(nil)

func newBell(path string) (*bell, error) {
	db, err := openPool(path, pragmas(busyPragma, "query_only(1)"), 1)
	if err != nil {
		return nil, fmt.Errorf("follow database: %w", err)
	}
	return &bell{db: db}, nil
}

// Rung reports true on a fresh connection, because nothing is known of what
// was committed before.
func (b *bell) Rung(ctx context.Context) (bool, error) {
	fresh := b.conn == nil
	if fresh {
		conn, err := b.db.Conn(ctx)
		if err != nil {
			return false, fmt.Errorf("follow database: %w", mapError(err))
		}
		b.conn = conn
	}
	var version int64
	if err := b.conn.QueryRowContext(ctx, "PRAGMA data_version").Scan(&version); err != nil {
		_ = b.conn.Close()
		b.conn = nil
		return false, fmt.Errorf("follow database: %w", mapError(err))
	}
	rung := fresh || version != b.version
	b.version = version
	return rung, nil
}

func (b *bell) Close() error {
	if b.conn != nil {
		_ = b.conn.Close() // which gives it back to the pool
	}
	if err := b.db.Close(); err != nil {
		return fmt.Errorf("close database: %w", err)
	}
	return nil
}
