package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// AnyVersion stands for the version of a cart where the caller does not know
// what its buyer saw.
const AnyVersion int64 = -1

// Checkout buys a cart: it takes the pieces out of the stock, makes an order
// and empties the cart, all of it or nothing.
//
// A cart that is not as the buyer saw it is ErrChanged, and one without lines is
// ErrEmpty. If there is not enough of something, the error is a *ShortError with
// every line that is short. Key is an idempotency key or empty; when a checkout
// of the same version for the same customer comes again under its key, it
// returns the order that it made the first time.
func (s *Store) Checkout(ctx context.Context, cartID, key string, seen Seen, customer Customer) (Order, error) {
	order := Order{
		ID:       newOrderID(),
		CartID:   cartID,
		Customer: customer,
		Placed:   time.UnixMilli(time.Now().UnixMilli()).UTC(),
	}
	r := newRequest(cartID, key, "checkout", seen.Version, customer)
	r.orderID = order.ID
	err := s.write(ctx, "check out", func(tx *sql.Tx) error {
		done, orderID, err := r.remember(ctx, tx)
		if err != nil {
			return err
		}
		if done {
			order, err = readOrder(ctx, tx, orderID)
			return err
		}
		return buy(ctx, tx, seen, &order)
	})
	if err != nil {
		return Order{}, err
	}
	return order, nil
}

// buy completes the order with what is in its cart and writes it.
func buy(ctx context.Context, tx *sql.Tx, seen Seen, order *Order) error {
	change, err := nextChange(ctx, tx)
	if err != nil {
		return err
	}
	version, err := claimCart(ctx, tx, order.CartID, seen.Version, change)
	if err != nil {
		return err
	}
	cart, err := readCart(ctx, tx, order.CartID)
	if err != nil {
		return err
	}
	if len(cart.Lines) == 0 {
		return ErrEmpty
	}
	if !seen.IsOf(cart) {
		return ErrChanged
	}
	if err := takeStock(ctx, tx, change, cart.Lines); err != nil {
		return err
	}
	order.Shipping = cart.Shipping()
	for _, l := range cart.Lines {
		order.Lines = append(order.Lines, OrderLine{
			ProductID: l.Product.ID, Name: l.Product.Name, Price: l.Product.Price, Quantity: l.Quantity,
		})
	}
	if err := insertOrder(ctx, tx, *order, version); err != nil {
		return err
	}
	_, err = exec(ctx, tx, `DELETE FROM cart_lines WHERE cart_id = $1`, order.CartID)
	return err
}

// claimCart adds one to the cart's version if it is the one that the buyer saw,
// and returns what it was.
func claimCart(ctx context.Context, tx *sql.Tx, cartID string, version, change int64) (claimed int64, err error) {
	const claim = `UPDATE carts SET version = version + 1, changed = $3, active = $4
		WHERE id = $1 AND (version = $2 OR $2 < 0) RETURNING version - 1`
	err = tx.QueryRowContext(ctx, claim, cartID, version, change, time.Now().UnixMilli()).Scan(&claimed)
	if !errors.Is(err, sql.ErrNoRows) {
		return claimed, err
	}
	cart, err := readCart(ctx, tx, cartID)
	if err != nil {
		return 0, err
	}
	if cart.Version == 0 && version <= 0 {
		return 0, ErrEmpty // there is no such cart, and its buyer knows
	}
	return 0, ErrChanged
}

// takeStock takes what the lines want out of the stock, or returns a
// *ShortError with all lines that are short.
func takeStock(ctx context.Context, tx *sql.Tx, change int64, lines []Line) error {
	const take = `UPDATE products SET stock = stock - $2, version = version + 1, changed = $3
		WHERE id = $1 AND stock >= $2`
	var short []Line
	for _, l := range lines {
		n, err := exec(ctx, tx, take, l.Product.ID, l.Quantity, change)
		if err != nil {
			return err
		}
		if n == 0 {
			short = append(short, l)
		}
	}
	if short != nil {
		return &ShortError{Lines: short}
	}
	return nil
}
