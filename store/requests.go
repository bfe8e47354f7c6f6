package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"time"
)

// keyLife is how long an idempotency key is remembered at least. Older ones
// are deleted by the next write of any cart that carries a key.
const keyLife = 24 * time.Hour

// request is a write of a cart under its idempotency key.
type request struct {
	cartID, key string
	fingerprint string // what is asked; not readable, for it may hold an address
	orderID     string // of a checkout, the order that it makes; otherwise empty
}

func newRequest(cartID, key, what string, args ...any) request {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %#v", what, args))
	return request{cartID: cartID, key: key, fingerprint: hex.EncodeToString(sum[:])}
}

// remember reports whether the same request was done before, and returns the
// id of the order that it made then. Otherwise it remembers the request,
// unless the transaction is rolled back: a request that failed may be tried
// again under its key. It comes first in a transaction, for it is also the
// lock that makes equal requests take turns.
func (r request) remember(ctx context.Context, tx *sql.Tx) (done bool, orderID string, err error) {
	if r.key == "" {
		return false, "", nil
	}
	now := time.Now()
	if _, err := exec(ctx, tx, `DELETE FROM requests WHERE made < $1`, now.Add(-keyLife).UnixMilli()); err != nil {
		return false, "", err
	}
	const insert = `INSERT INTO requests (cart_id, key, fingerprint, order_id, made)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT (cart_id, key) DO NOTHING`
	order := sql.NullString{String: r.orderID, Valid: r.orderID != ""}
	n, err := exec(ctx, tx, insert, r.cartID, r.key, r.fingerprint, order, now.UnixMilli())
	if err != nil || n == 1 {
		return false, "", err
	}
	return r.recall(ctx, tx)
}

// recall compares the request with the one that its key was made for.
func (r request) recall(ctx context.Context, tx *sql.Tx) (done bool, orderID string, err error) {
	var fingerprint string
	var order sql.NullString
	const find = `SELECT fingerprint, order_id FROM requests WHERE cart_id = $1 AND key = $2`
	if err := tx.QueryRowContext(ctx, find, r.cartID, r.key).Scan(&fingerprint, &order); err != nil {
		return false, "", err
	}
	if fingerprint != r.fingerprint {
		return false, "", ErrKeyReused
	}
	return true, order.String, nil
}
