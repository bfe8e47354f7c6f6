package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"selvedge/store/internal/search"
)

// savedIndex is an index as the database keeps it.
type savedIndex struct {
	last int64
	body []byte
}

// refresh brings the index up to date, at first the one that the database keeps.
// A change of stock flips a bit; any other has the index built again, and then
// refresh returns it for saving.
func (s *Store) refresh(ctx context.Context, tx *sql.Tx) (*savedIndex, error) {
	last, err := lastChange(ctx, tx)
	if err != nil {
		return nil, err
	}
	if s.search.index == nil {
		if s.search.index, err = loadIndex(ctx, tx); err != nil {
			return nil, err
		}
	}
	if s.search.index != nil {
		err := refreshStock(ctx, tx, s.search.index)
		if err == nil {
			s.search.index.SetLast(last)
		}
		if !errors.Is(err, errStale) {
			return nil, err
		}
	}
	if s.search.index, err = buildIndex(ctx, tx, last); err != nil {
		return nil, err
	}
	body, err := s.search.index.Encode()
	return &savedIndex{last, body}, err
}

// refreshStock brings the stock of an index up to date. It fails with errStale if
// anything else has changed.
func refreshStock(ctx context.Context, tx *sql.Tx, x *search.Index) error {
	return query(ctx, tx, func(row scanner) error {
		var id, stock, described int64
		if err := row.Scan(&id, &stock, &described); err != nil {
			return err
		}
		if described > x.Last() {
			return errStale
		}
		x.SetStock(id, stock > 0)
		return nil
	}, `SELECT id, stock, described FROM products WHERE changed > $1`, x.Last())
}

func buildIndex(ctx context.Context, tx *sql.Tx, last int64) (*search.Index, error) {
	b := search.NewBuilder()
	err := query(ctx, tx, func(row scanner) error {
		var p search.Product
		var summary, description string
		var specs []byte
		var stock int64
		err := row.Scan(&p.ID, &p.Name, &summary, &description, &p.Category, &specs, &p.Price, &p.Added, &stock)
		if err != nil {
			return err
		}
		var lines []Spec
		if err := json.Unmarshal(specs, &lines); err != nil {
			return fmt.Errorf("specs of product %d: %w", p.ID, err)
		}
		p.Texts = append(p.Texts, summary, description)
		for _, l := range lines {
			p.Texts = append(p.Texts, l.Name, l.Value)
		}
		p.InStock = stock > 0
		b.Add(p)
		return nil
	}, `SELECT id, name, summary, description, category, specs, price, added, stock FROM products ORDER BY id`)
	if err != nil {
		return nil, err
	}
	return b.Build(last), nil
}

// loadIndex returns the index that the database keeps, or nil if it has none of
// this format that can be read.
func loadIndex(ctx context.Context, tx *sql.Tx) (*search.Index, error) {
	var body []byte
	err := tx.QueryRowContext(ctx, `SELECT body FROM search_index WHERE format = $1`, search.Format).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	x, err := search.Decode(body)
	if err != nil {
		return nil, nil //nolint:nilerr // it can be built of the products
	}
	return x, nil
}

// saveIndex has the database keep an index, for stores that are opened later.
// They do without one that could not be written: what the caller does is only to
// read, and has succeeded.
func (s *Store) saveIndex(ctx context.Context, x *savedIndex) {
	_ = s.write(ctx, "save search index", func(tx *sql.Tx) error {
		const save = `INSERT INTO search_index (format, last, body) VALUES ($1, $2, $3)
			ON CONFLICT (format) DO UPDATE SET last = excluded.last, body = excluded.body
			WHERE search_index.last <= excluded.last`
		if _, err := exec(ctx, tx, save, search.Format, x.last, x.body); err != nil {
			return err
		}
		_, err := exec(ctx, tx, `DELETE FROM search_index WHERE format < $1`, search.Format)
		return err
	})
}
