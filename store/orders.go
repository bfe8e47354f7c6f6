package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"time"
)

// Order returns an order. One of another cart is ErrNotFound, like one that
// does not exist.
func (s *Store) Order(ctx context.Context, cartID, orderID string) (Order, error) {
	order, err := s.OrderByID(ctx, orderID)
	if err == nil && order.CartID != cartID {
		return Order{}, ErrNotFound
	}
	return order, err
}

// OrderByID returns an order of any cart, for a caller that knows by other means
// that it may be seen.
func (s *Store) OrderByID(ctx context.Context, orderID string) (Order, error) {
	var order Order
	err := s.read(ctx, "read order", func(tx *sql.Tx) (err error) {
		order, err = readOrder(ctx, tx, orderID)
		return err
	})
	return order, err
}

func readOrder(ctx context.Context, tx *sql.Tx, orderID string) (Order, error) {
	o := Order{ID: orderID}
	var placed int64
	const head = `SELECT cart_id, name, email, street, postal_code, city, country, shipping, currency, placed
		FROM orders WHERE id = $1`
	err := tx.QueryRowContext(ctx, head, orderID).Scan(
		&o.CartID, &o.Customer.Name, &o.Customer.Email, &o.Customer.Street, &o.Customer.PostalCode, &o.Customer.City, &o.Customer.Country,
		&o.Shipping.Amount, &o.Shipping.Currency, &placed)
	if errors.Is(err, sql.ErrNoRows) {
		return Order{}, ErrNotFound
	}
	if err != nil {
		return Order{}, err
	}
	o.Placed = time.UnixMilli(placed).UTC()
	const lines = `SELECT product_id, name, price, currency, quantity
		FROM order_lines WHERE order_id = $1 ORDER BY position`
	err = query(ctx, tx, func(row scanner) error {
		var l OrderLine
		err := row.Scan(&l.ProductID, &l.Name, &l.Price.Amount, &l.Price.Currency, &l.Quantity)
		o.Lines = append(o.Lines, l)
		return err
	}, lines, orderID)
	if err != nil {
		return Order{}, err
	}
	return o, nil
}

// OrderOfVersion returns the order that was made of a version of a cart, and
// ErrNotFound if there is none: a buyer who did not see the answer to a checkout
// finds the order by what the form showed.
func (s *Store) OrderOfVersion(ctx context.Context, cartID string, version int64) (Order, error) {
	var order Order
	err := s.read(ctx, "find order", func(tx *sql.Tx) error {
		var id string
		const find = `SELECT id FROM orders WHERE cart_id = $1 AND cart_version = $2`
		err := tx.QueryRowContext(ctx, find, cartID, version).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNotFound
		}
		if err == nil {
			order, err = readOrder(ctx, tx, id)
		}
		return err
	})
	return order, err
}

func insertOrder(ctx context.Context, tx *sql.Tx, o Order, version int64) error {
	const head = `INSERT INTO orders
		(id, cart_id, name, email, street, postal_code, city, country, shipping, currency, placed, cart_version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`
	c := o.Customer
	_, err := exec(ctx, tx, head, o.ID, o.CartID, c.Name, c.Email, c.Street, c.PostalCode, c.City, c.Country,
		o.Shipping.Amount, o.Shipping.Currency, o.Placed.UnixMilli(), version)
	if err != nil {
		return err
	}
	const line = `INSERT INTO order_lines
		(order_id, position, product_id, name, price, currency, quantity)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`
	for i, l := range o.Lines {
		_, err := exec(ctx, tx, line, o.ID, i+1, l.ProductID, l.Name, l.Price.Amount, l.Price.Currency, l.Quantity)
		if err != nil {
			return err
		}
	}
	return nil
}

// newOrderID returns three groups of five characters, as in
// 7KQ2M-X9DTP-4HWZ3: 75 random bits, so that nobody guesses the order of
// another, without the characters 0, 1, I and O, which are read wrong.
func newOrderID() string {
	const alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
	random := make([]byte, 15)
	_, _ = rand.Read(random) // never fails
	id := make([]byte, 0, 17)
	for i, b := range random {
		if i > 0 && i%5 == 0 {
			id = append(id, '-')
		}
		id = append(id, alphabet[b%32])
	}
	return string(id)
}
