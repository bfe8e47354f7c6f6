package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"sync"
)

// search keeps the index of the products. Whoever holds the read lock finds
// in the database what the index says or something younger.
type search struct {
	sync.RWMutex
	index *index // nil before the first query
}

// errStale says that the index does not know the last changes.
var errStale = errors.New("the index is stale")

// Products returns a page of the products that match a query, exactly as they
// are at that moment, changes by other processes included. Equal products
// stand in the order of their ids. A query whose numbers are out of range is
// answered as if they were the nearest ones in range, one with an unknown Sort
// as if it were SortRelevance.
func (s *Store) Products(ctx context.Context, q Query) (List, error) {
	q = q.normal()
	list, err := s.listIndexed(ctx, q)
	if errors.Is(err, errStale) {
		return s.listAnew(ctx, q)
	}
	return list, err
}

func (q Query) normal() Query {
	q.Page = max(1, q.Page)
	if q.PerPage <= 0 {
		q.PerPage = DefaultPerPage
	}
	q.PerPage = min(q.PerPage, MaxPerPage)
	switch q.Sort {
	case SortPriceUp, SortPriceDown, SortName, SortNewest:
	default:
		q.Sort = SortRelevance
	}
	return q
}

// listIndexed answers from the index if it is up to date.
func (s *Store) listIndexed(ctx context.Context, q Query) (List, error) {
	s.search.RLock()
	defer s.search.RUnlock()
	var list List
	err := s.read(ctx, "search products", func(tx *sql.Tx) error {
		last, err := lastChange(ctx, tx)
		if err != nil {
			return err
		}
		if s.search.index == nil || s.search.index.last != last {
			return errStale
		}
		list, err = s.load(ctx, tx, q)
		return err
	})
	return list, err
}

// listAnew answers after bringing the index up to date. That is finished even
// if the caller gives up, because the next one would have to begin it again.
func (s *Store) listAnew(ctx context.Context, q Query) (List, error) {
	s.search.Lock()
	defer s.search.Unlock()
	ctx = context.WithoutCancel(ctx)
	var list List
	err := s.read(ctx, "search products", func(tx *sql.Tx) error {
		if err := s.refresh(ctx, tx); err != nil {
			return err
		}
		var err error
		list, err = s.load(ctx, tx, q)
		return err
	})
	return list, err
}

// refresh brings the index up to date. A change of stock flips a bit; any
// other builds the index again.
func (s *Store) refresh(ctx context.Context, tx *sql.Tx) error {
	last, err := lastChange(ctx, tx)
	if err != nil {
		return err
	}
	if s.search.index != nil {
		known, err := s.refreshStock(ctx, tx, s.search.index)
		if err != nil {
			return err
		}
		if known {
			s.search.index.last = last
			return nil
		}
	}
	b := newBuilder()
	err = scanIndexed(ctx, tx, func(p indexed) error {
		b.add(p)
		return nil
	}, `SELECT `+indexedColumns+` FROM products ORDER BY id`)
	if err != nil {
		return err
	}
	s.search.index = b.build(last)
	return nil
}

// refreshStock brings the stock of an index up to date, and reports whether
// that was all.
func (s *Store) refreshStock(ctx context.Context, tx *sql.Tx, x *index) (bool, error) {
	err := scanIndexed(ctx, tx, func(p indexed) error {
		slot, ok := x.slots[p.id]
		if !ok || x.prints[slot] != p.print(x.seed) {
			return errStale
		}
		if p.stock > 0 {
			x.inStock.add(slot)
		} else {
			x.inStock.remove(slot)
		}
		return nil
	}, `SELECT `+indexedColumns+` FROM products WHERE changed > $1`, x.last)
	if errors.Is(err, errStale) {
		return false, nil
	}
	return err == nil, err
}

const indexedColumns = `id, name, summary, description, category, price, added, stock`

func scanIndexed(ctx context.Context, tx *sql.Tx, f func(indexed) error, statement string, args ...any) error {
	return query(ctx, tx, func(row scanner) error {
		var p indexed
		err := row.Scan(&p.id, &p.name, &p.summary, &p.description, &p.category, &p.price, &p.added, &p.stock)
		if err != nil {
			return err
		}
		return f(p)
	}, statement, args...)
}

// load evaluates the query and reads the products of its page.
func (s *Store) load(ctx context.Context, tx *sql.Tx, q Query) (List, error) {
	h := s.search.index.find(q)
	if len(h.ids) == 0 {
		return h.list, nil
	}
	places := make(map[int64]int, len(h.ids))
	params := make([]string, len(h.ids))
	args := make([]any, len(h.ids))
	for i, id := range h.ids {
		places[id], params[i], args[i] = i, "$"+strconv.Itoa(i+1), id
	}
	h.list.Products = make([]Product, len(h.ids))
	err := query(ctx, tx, func(row scanner) error {
		p, err := scanProduct(row)
		if err == nil {
			h.list.Products[places[p.ID]] = p
		}
		return err
	}, `SELECT `+readColumns+` FROM products WHERE id IN (`+strings.Join(params, ", ")+`)`, args...)
	return h.list, err
}
