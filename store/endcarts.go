package store

import (
	"context"
	"database/sql"
	"time"
)

// endBatch is the most carts that one EndCarts changes, so that other writers
// wait for some milliseconds only.
const endBatch = 100

// EndCarts ends carts without activity since a time, and returns how many carts
// it changed. A call is one short transaction for a few carts: callers repeat
// it until it returns 0. Each write of a cart is activity; a read is none.
// Orders stay. What becomes of a cart depends on what it has:
//
//   - Lines: the cart loses them. This is a write like any other, so the version
//     and the revision grow, and a Follower names the cart.
//   - No lines and no orders: the cart is deleted with its idempotency keys, and
//     is again like a cart that was never written to. Because the loss of its
//     lines was activity, pages had as much time again to show that it is empty.
//   - No lines, but orders: the cart stays, because its orders refer to it.
//
// A cart whose last activity is unknown, because it is of an older version of
// this program, counts as active at the first call.
func (s *Store) EndCarts(ctx context.Context, since time.Time) (n int, err error) {
	err = s.write(ctx, "end carts", func(tx *sql.Tx) error {
		carts, err := inactiveCarts(ctx, tx, since)
		if err != nil || len(carts) == 0 {
			return err
		}
		change, err := nextChange(ctx, tx)
		if err != nil {
			return err
		}
		for _, c := range carts {
			ended, err := c.end(ctx, tx, change)
			if err != nil {
				return err
			}
			if ended {
				n++
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// inactiveCart is a cart and the time of its last activity.
type inactiveCart struct {
	id     string
	active int64
}

// inactiveCarts returns carts without activity since a time, at most endBatch
// of them, the longest inactive first.
func inactiveCarts(ctx context.Context, tx *sql.Tx, since time.Time) ([]inactiveCart, error) {
	var carts []inactiveCart
	err := query(ctx, tx, func(row scanner) error {
		var c inactiveCart
		err := row.Scan(&c.id, &c.active)
		carts = append(carts, c)
		return err
	}, `SELECT id, active FROM carts WHERE active < $1 ORDER BY active LIMIT $2`, since.UnixMilli(), endBatch)
	return carts, err
}

// end ends a cart as EndCarts says, and reports false if somebody wrote to the
// cart since it was looked for.
func (c inactiveCart) end(ctx context.Context, tx *sql.Tx, change int64) (bool, error) {
	const claim = `UPDATE carts SET active = $3 WHERE id = $1 AND active = $2`
	claimed, err := exec(ctx, tx, claim, c.id, c.active, time.Now().UnixMilli())
	if err != nil || claimed == 0 || c.active == 0 {
		return claimed == 1, err
	}
	lines, err := exec(ctx, tx, `DELETE FROM cart_lines WHERE cart_id = $1`, c.id)
	if err != nil {
		return false, err
	}
	if lines > 0 {
		const touch = `UPDATE carts SET version = version + 1, changed = $2 WHERE id = $1`
		_, err = exec(ctx, tx, touch, c.id, change)
		return true, err
	}
	const keep = `UPDATE carts SET active = NULL WHERE id = $1 AND EXISTS (SELECT 1 FROM orders WHERE cart_id = $1)`
	kept, err := exec(ctx, tx, keep, c.id)
	if err != nil || kept == 1 {
		return kept == 1, err
	}
	for _, remove := range []string{`DELETE FROM requests WHERE cart_id = $1`, `DELETE FROM carts WHERE id = $1`} {
		if _, err := exec(ctx, tx, remove, c.id); err != nil {
			return false, err
		}
	}
	return true, nil
}
