package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"
)

// MaxStock is the most pieces of one product that the shop can hold.
const MaxStock = 1_000_000

// Empty reports whether the shop has no products.
func (s *Store) Empty(ctx context.Context) (bool, error) {
	var empty bool
	err := s.read(ctx, "look for products", func(tx *sql.Tx) (err error) {
		empty, err = isEmpty(ctx, tx)
		return err
	})
	return empty, err
}

func isEmpty(ctx context.Context, tx *sql.Tx) (bool, error) {
	var id int64
	err := tx.QueryRowContext(ctx, `SELECT id FROM products LIMIT 1`).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return true, nil
	}
	return false, err
}

// Fill puts products into an empty shop, all of them or none, and returns how
// many. Their versions become 1 and their times lose what is finer than a
// millisecond. A shop that has products stays as it is, and Fill returns 0;
// so of several processes that start on one empty database, one fills it. The
// sequence runs inside the transaction and must not use the Store.
func (s *Store) Fill(ctx context.Context, products iter.Seq[Product]) (int, error) {
	count := 0
	err := s.write(ctx, "fill store", func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx)
		if err != nil {
			return err
		}
		if empty, err := isEmpty(ctx, tx); err != nil || !empty {
			return err
		}
		count, err = insertProducts(ctx, tx, change, products)
		return err
	})
	if err != nil {
		return 0, err
	}
	return count, nil
}

func insertProducts(ctx context.Context, tx *sql.Tx, change int64, products iter.Seq[Product]) (int, error) {
	insert, err := tx.PrepareContext(ctx, `INSERT INTO products (`+productColumns+`, described)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)`)
	if err != nil {
		return 0, err
	}
	defer func() { _ = insert.Close() }()
	count := 0
	for p := range products {
		if err := insertProduct(ctx, insert, change, p); err != nil {
			return 0, fmt.Errorf("product %d: %w", p.ID, err)
		}
		count++
	}
	return count, nil
}

func insertProduct(ctx context.Context, insert *sql.Stmt, change int64, p Product) error {
	if p.Stock < 0 || p.Stock > MaxStock {
		return ErrStock
	}
	if p.Price.Currency != Currency {
		return fmt.Errorf("price in %q instead of %s", p.Price.Currency, Currency)
	}
	specs, err := json.Marshal(p.Specs)
	if err != nil {
		return err
	}
	pictures, err := json.Marshal(p.Pictures)
	if err != nil {
		return err
	}
	_, err = insert.ExecContext(ctx, p.ID, p.Name, p.Summary, p.Description, p.Category,
		p.Price.Amount, p.Price.Currency, string(specs), string(pictures),
		p.Stock, p.Added.UnixMilli(), 1, change)
	return err
}

// Product returns one product, or ErrNotFound.
func (s *Store) Product(ctx context.Context, id int64) (Product, error) {
	var p Product
	err := s.read(ctx, "read product", func(tx *sql.Tx) (err error) {
		row := tx.QueryRowContext(ctx, `SELECT `+readColumns+` FROM products WHERE id = $1`, id)
		p, err = scanProduct(row)
		return err
	})
	return p, err
}

// ProductIDs returns the ids of all products, in their order.
func (s *Store) ProductIDs(ctx context.Context) ([]int64, error) {
	var ids []int64
	err := s.read(ctx, "list ids", func(tx *sql.Tx) error {
		return query(ctx, tx, func(row scanner) error {
			var id int64
			err := row.Scan(&id)
			ids = append(ids, id)
			return err
		}, `SELECT id FROM products ORDER BY id`)
	})
	return ids, err
}

// lastOrders is the number of orders that MostOrdered counts.
const lastOrders = 1000

// MostOrdered returns up to n products, those first of which the last 1,000 orders
// have the most pieces. Equal products stand in the order of their ids.
func (s *Store) MostOrdered(ctx context.Context, n int) ([]Product, error) {
	var products []Product
	err := s.read(ctx, "list products by orders", func(tx *sql.Tx) error {
		return query(ctx, tx, func(row scanner) error {
			p, err := scanProduct(row)
			products = append(products, p)
			return err
		}, `SELECT `+readColumns+` FROM products JOIN (
				SELECT product_id, SUM(quantity) AS pieces FROM order_lines
				WHERE order_id IN (SELECT id FROM orders ORDER BY placed DESC, id LIMIT $1)
				GROUP BY product_id
			) AS ordered ON ordered.product_id = products.id
			ORDER BY ordered.pieces DESC, products.id LIMIT $2`, lastOrders, n)
	})
	return products, err
}

// SetStock sets how many pieces of a product there are and returns the
// product as it then is. A stock below 0 or above MaxStock is ErrStock, an
// unknown product ErrNotFound.
func (s *Store) SetStock(ctx context.Context, id int64, stock int) (Product, error) {
	if stock < 0 || stock > MaxStock {
		return Product{}, ErrStock
	}
	var p Product
	err := s.write(ctx, "set stock", func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx)
		if err != nil {
			return err
		}
		const update = `UPDATE products SET stock = $2, version = version + 1, changed = $3
			WHERE id = $1 RETURNING ` + readColumns
		p, err = scanProduct(tx.QueryRowContext(ctx, update, id, stock, change))
		return err
	})
	return p, err
}

// lastChange returns the number of the last change.
func lastChange(ctx context.Context, tx *sql.Tx) (int64, error) {
	var last int64
	err := tx.QueryRowContext(ctx, `SELECT last FROM changes`).Scan(&last)
	return last, err
}

// nextChange numbers a change of products or of a cart. It comes before the
// change and before reading what the change depends on: it is also the lock
// that makes writers take turns.
func nextChange(ctx context.Context, tx *sql.Tx) (int64, error) {
	var next int64
	err := tx.QueryRowContext(ctx, `UPDATE changes SET last = last + 1 RETURNING last`).Scan(&next)
	return next, err
}

const productColumns = `id, name, summary, description, category,
	price, currency, specs, pictures, stock, added, version, changed`

// readColumns are productColumns and the epoch of their revision.
const readColumns = productColumns + `, (SELECT epoch FROM changes)`

// scanProduct reads readColumns and the columns that stand before them. No
// row is ErrNotFound.
func scanProduct(row scanner, before ...any) (Product, error) {
	var p Product
	var specs, pictures []byte
	var added int64
	err := row.Scan(append(before, &p.ID, &p.Name, &p.Summary, &p.Description, &p.Category,
		&p.Price.Amount, &p.Price.Currency, &specs, &pictures, &p.Stock, &added, &p.Version, &p.Revision, &p.Epoch)...)
	if errors.Is(err, sql.ErrNoRows) {
		return Product{}, ErrNotFound
	}
	if err != nil {
		return Product{}, err
	}
	p.Added = time.UnixMilli(added).UTC()
	if err := json.Unmarshal(specs, &p.Specs); err != nil {
		return Product{}, fmt.Errorf("specs of product %d: %w", p.ID, err)
	}
	if err := json.Unmarshal(pictures, &p.Pictures); err != nil {
		return Product{}, fmt.Errorf("pictures of product %d: %w", p.ID, err)
	}
	return p, nil
}
