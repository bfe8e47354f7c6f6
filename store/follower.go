package store

import (
	"context"
	"database/sql"
	"errors"
)

// Bell tells that there may be changes. A driver makes one for each Follower,
// which calls it from one goroutine.
type Bell interface {
	// Rung reports whether any connection, of this process or of another one,
	// may have committed since the last call. The first call reports true.
	Rung(ctx context.Context) (bool, error)
	Close() error
}

// Changed names what was written to a store, in the order of the last change of
// each.
type Changed struct {
	Products []int64
	Carts    []string // ids
}

// Follower finds what is written to a database, so that a process learns what
// others write. It sees the writes of its own Store too: a change is named
// whatever became of the call that made it. Its methods are for one goroutine.
type Follower struct {
	store  *Store
	bell   Bell  // nil: no other process can write
	last   int64 // the number of the last change that was named
	behind bool  // the bell rang, and the changes have not been read
}

// Follow returns a Follower of what is written from here on. It has to be
// closed before the Store. A database that no other process can open, such as
// one in memory, has nothing to follow.
func (s *Store) Follow(ctx context.Context) (*Follower, error) {
	f := &Follower{store: s}
	if s.driver.Bell == nil {
		return f, nil
	}
	var err error
	if f.bell, err = s.driver.Bell(); err != nil {
		return nil, err
	}
	// The bell comes first, so that it rings for a change in between.
	_, err = f.bell.Rung(ctx)
	if err == nil {
		err = s.read(ctx, "follow store", func(tx *sql.Tx) (err error) {
			f.last, err = lastChange(ctx, tx)
			return err
		})
	}
	if err != nil {
		return nil, errors.Join(err, f.bell.Close())
	}
	return f, nil
}

// Look returns what has been written since the last call, each product and
// cart once. It costs next to nothing if nothing has. After an error, the next
// call returns what this one could not.
func (f *Follower) Look(ctx context.Context) (Changed, error) {
	if f.bell == nil {
		return Changed{}, nil
	}
	rung, err := f.bell.Rung(ctx)
	if err != nil {
		f.behind = true
		return Changed{}, err
	}
	if !rung && !f.behind {
		return Changed{}, nil
	}
	f.behind = true
	var changed Changed
	last := f.last
	err = f.store.read(ctx, "look for changes", func(tx *sql.Tx) (err error) {
		changed, last, err = changedSince(ctx, tx, f.last)
		return err
	})
	if err != nil {
		return Changed{}, err
	}
	f.last, f.behind = last, false
	return changed, nil
}

// Close gives up what the Follower has open.
func (f *Follower) Close() error {
	if f.bell == nil {
		return nil
	}
	return f.bell.Close()
}

// changedSince returns the rows that carry a larger number than a change, and
// the number of the last change.
func changedSince(ctx context.Context, tx *sql.Tx, change int64) (changed Changed, last int64, err error) {
	if last, err = lastChange(ctx, tx); err != nil || last == change {
		return Changed{}, last, err
	}
	err = query(ctx, tx, func(row scanner) error {
		var id int64
		err := row.Scan(&id)
		changed.Products = append(changed.Products, id)
		return err
	}, `SELECT id FROM products WHERE changed > $1 ORDER BY changed`, change)
	if err != nil {
		return Changed{}, 0, err
	}
	err = query(ctx, tx, func(row scanner) error {
		var id string
		err := row.Scan(&id)
		changed.Carts = append(changed.Carts, id)
		return err
	}, `SELECT id FROM carts WHERE changed > $1 ORDER BY changed`, change)
	return changed, last, err
}
