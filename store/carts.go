package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Cart returns a cart with its lines in the order in which they were added. A
// cart that was never written to is empty and has version 0.
func (s *Store) Cart(ctx context.Context, cartID string) (Cart, error) {
	var cart Cart
	err := s.read(ctx, "read cart", func(tx *sql.Tx) (err error) {
		cart, err = readCart(ctx, tx, cartID)
		return err
	})
	return cart, err
}

// Add puts pieces of a product into a cart, in addition to those that are
// already there. If the cart would have more than there is, the error is a
// *ScarceError. A cart is no reservation: there may be less when it is bought. An
// unknown product is ErrNotFound, and a quantity that is or would grow out of
// range ErrQuantity. Key is an idempotency key or empty.
func (s *Store) Add(ctx context.Context, cartID, key string, productID int64, quantity int) (Cart, error) {
	if quantity < 1 || quantity > MaxQuantity {
		return Cart{}, ErrQuantity
	}
	r := newRequest(cartID, key, "add", productID, quantity)
	return s.changeCart(ctx, "add to cart", r, func(tx *sql.Tx, version int64) error {
		const upsert = `INSERT INTO cart_lines (cart_id, product_id, quantity, position, written)
			SELECT $1, id, CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($4 AS BIGINT) FROM products
			WHERE id = $2 AND stock >= $3 + COALESCE((SELECT quantity FROM cart_lines WHERE cart_id = $1 AND product_id = $2), 0)
			ON CONFLICT (cart_id, product_id)
			DO UPDATE SET quantity = cart_lines.quantity + excluded.quantity, written = excluded.written
			WHERE cart_lines.quantity + excluded.quantity <= $5`
		n, err := exec(ctx, tx, upsert, cartID, productID, quantity, version, MaxQuantity)
		if err == nil && n == 0 {
			err = whyNotAdded(ctx, tx, cartID, productID, quantity)
		}
		return err
	})
}

func whyNotAdded(ctx context.Context, tx *sql.Tx, cartID string, productID int64, quantity int) error {
	var inCart int
	const find = `SELECT COALESCE((SELECT quantity FROM cart_lines WHERE cart_id = $1 AND product_id = $2), 0)`
	if err := tx.QueryRowContext(ctx, find, cartID, productID).Scan(&inCart); err != nil {
		return err
	}
	if inCart+quantity > MaxQuantity {
		return ErrQuantity
	}
	return checkStock(ctx, tx, productID, inCart+quantity, inCart)
}

// checkStock returns a *ScarceError if there are fewer pieces of a product than a
// cart would have of it.
func checkStock(ctx context.Context, tx *sql.Tx, productID int64, wanted, inCart int) error {
	row := tx.QueryRowContext(ctx, `SELECT `+readColumns+` FROM products WHERE id = $1`, productID)
	p, err := scanProduct(row)
	if err == nil && p.Stock < wanted {
		err = &ScarceError{Product: p, Wanted: wanted, InCart: inCart}
	}
	return err
}

// SetQuantity changes a line of a cart to a quantity from 1 to MaxQuantity;
// others are ErrQuantity. A product that is not in the cart is ErrNotFound. If
// there are fewer pieces than the quantity, the error is a *ScarceError.
// Version is the one of the cart that the caller saw, or AnyVersion; if the line
// was written since, the error is ErrChanged. Key is an idempotency key or empty.
func (s *Store) SetQuantity(ctx context.Context, cartID, key string, version, productID int64, quantity int) (Cart, error) {
	if quantity < 1 || quantity > MaxQuantity {
		return Cart{}, ErrQuantity
	}
	r := newRequest(cartID, key, "set", productID, quantity)
	return s.changeCart(ctx, "set quantity", r, func(tx *sql.Tx, next int64) error {
		inCart, err := checkLine(ctx, tx, cartID, productID, version)
		if err != nil {
			return err
		}
		if err := checkStock(ctx, tx, productID, quantity, inCart); err != nil {
			return err
		}
		const update = `UPDATE cart_lines SET quantity = $3, written = $4 WHERE cart_id = $1 AND product_id = $2`
		_, err = exec(ctx, tx, update, cartID, productID, quantity, next)
		return err
	})
}

// Remove takes a line out of a cart. A product that is not in the cart is
// ErrNotFound. Version and key are those of SetQuantity.
func (s *Store) Remove(ctx context.Context, cartID, key string, version, productID int64) (Cart, error) {
	r := newRequest(cartID, key, "remove", productID)
	return s.changeCart(ctx, "remove from cart", r, func(tx *sql.Tx, _ int64) error {
		if _, err := checkLine(ctx, tx, cartID, productID, version); err != nil {
			return err
		}
		const remove = `DELETE FROM cart_lines WHERE cart_id = $1 AND product_id = $2`
		_, err := exec(ctx, tx, remove, cartID, productID)
		return err
	})
}

// checkLine returns the quantity of a line. The error is ErrNotFound if there is
// no such line, and ErrChanged if it was written after the version of its cart
// that a caller saw. A cart whose other lines were written is no reason to refuse
// what the caller wants.
func checkLine(ctx context.Context, tx *sql.Tx, cartID string, productID, seen int64) (quantity int, err error) {
	var written int64
	const find = `SELECT quantity, written FROM cart_lines WHERE cart_id = $1 AND product_id = $2`
	err = tx.QueryRowContext(ctx, find, cartID, productID).Scan(&quantity, &written)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return 0, ErrNotFound
	case err == nil && seen != AnyVersion && written > seen:
		return 0, ErrChanged
	}
	return quantity, err
}

// changeCart adds one to the version of a cart, which it makes if there is
// none, calls change with the version, and returns the cart. A request that
// was done before changes nothing.
func (s *Store) changeCart(ctx context.Context, doing string, r request, change func(*sql.Tx, int64) error) (Cart, error) {
	var cart Cart
	err := s.write(ctx, doing, func(tx *sql.Tx) error {
		done, _, err := r.remember(ctx, tx)
		if err != nil {
			return err
		}
		if !done {
			version, err := touchCart(ctx, tx, r.cartID)
			if err != nil {
				return err
			}
			if err := change(tx, version); err != nil {
				return err
			}
		}
		cart, err = readCart(ctx, tx, r.cartID)
		return err
	})
	if err != nil {
		return Cart{}, err
	}
	return cart, nil
}

func touchCart(ctx context.Context, tx *sql.Tx, cartID string) (int64, error) {
	var version int64
	change, err := nextChange(ctx, tx)
	if err != nil {
		return 0, err
	}
	const touch = `INSERT INTO carts (id, version, changed, active) VALUES ($1, 1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET version = carts.version + 1, changed = $2, active = $3 RETURNING version`
	err = tx.QueryRowContext(ctx, touch, cartID, change, time.Now().UnixMilli()).Scan(&version)
	return version, err
}

func readCart(ctx context.Context, tx *sql.Tx, cartID string) (Cart, error) {
	cart := Cart{ID: cartID}
	const head = `SELECT epoch, COALESCE(version, 0), COALESCE(changed, 0) FROM changes LEFT JOIN carts ON id = $1`
	if err := tx.QueryRowContext(ctx, head, cartID).Scan(&cart.Epoch, &cart.Version, &cart.Revision); err != nil {
		return Cart{}, err
	}
	if cart.Version == 0 {
		return cart, nil
	}
	const lines = `SELECT quantity, ` + readColumns + `
		FROM cart_lines JOIN products ON id = product_id WHERE cart_id = $1 ORDER BY position`
	err := query(ctx, tx, func(row scanner) (err error) {
		var l Line
		l.Product, err = scanProduct(row, &l.Quantity)
		cart.Lines = append(cart.Lines, l)
		cart.Revision = max(cart.Revision, l.Product.Revision)
		return err
	}, lines, cartID)
	return cart, err
}
