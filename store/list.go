package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"sync"

	"selvedge/store/internal/search"
)

// searchIndex keeps the index of the products. Whoever holds the read lock finds
// in the database what the index says or something younger.
type searchIndex struct {
	sync.RWMutex
	index *search.Index // nil before the first query
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
	return q
}

// orders are those of the index. An unknown Sort has that of SortRelevance.
var orders = map[Sort]search.Order{
	SortRelevance: search.ByRelevance,
	SortPriceUp:   search.ByPrice,
	SortPriceDown: search.ByPriceDown,
	SortName:      search.ByName,
	SortNewest:    search.ByNewest,
}

// indexed returns the query as the index takes it.
func (q Query) indexed() search.Query {
	return search.Query{
		Text: q.Text, Category: q.Category, MinPrice: q.MinPrice, MaxPrice: q.MaxPrice, InStock: q.InStock,
		Order: orders[q.Sort], Page: q.Page, PerPage: q.PerPage,
	}
}

// newList returns what the index has found, without products.
func newList(q Query, h search.Hits) List {
	l := List{
		Total: h.Total, Page: q.Page, Pages: h.Pages,
		Categories: make([]CategoryCount, len(h.Categories)),
		InStock:    h.InStock,
		Lowest:     Euro(h.Lowest), Highest: Euro(h.Highest),
		Corrected: h.Corrected, Suggestions: h.Suggestions,
	}
	for i, c := range h.Categories {
		l.Categories[i] = CategoryCount(c)
	}
	return l
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
		if s.search.index == nil || s.search.index.Last() != last {
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
	ctx = context.WithoutCancel(ctx)
	list, built, err := s.listRefreshed(ctx, q)
	if built != nil {
		s.saveIndex(ctx, built)
	}
	return list, err
}

// listRefreshed also returns the index for saving it, if it was built.
func (s *Store) listRefreshed(ctx context.Context, q Query) (list List, built *savedIndex, err error) {
	s.search.Lock()
	defer s.search.Unlock()
	err = s.read(ctx, "search products", func(tx *sql.Tx) (err error) {
		if built, err = s.refresh(ctx, tx); err != nil {
			return err
		}
		list, err = s.load(ctx, tx, q)
		return err
	})
	return list, built, err
}

// load evaluates the query and reads the products of its page.
func (s *Store) load(ctx context.Context, tx *sql.Tx, q Query) (List, error) {
	h := s.search.index.Find(q.indexed())
	list := newList(q, h)
	if len(h.IDs) == 0 {
		return list, nil
	}
	places := make(map[int64]int, len(h.IDs))
	params := make([]string, len(h.IDs))
	args := make([]any, len(h.IDs))
	for i, id := range h.IDs {
		places[id], params[i], args[i] = i, "$"+strconv.Itoa(i+1), id
	}
	list.Products = make([]Product, len(h.IDs))
	err := query(ctx, tx, func(row scanner) error {
		p, err := scanProduct(row)
		if err == nil {
			list.Products[places[p.ID]] = p
		}
		return err
	}, `SELECT `+readColumns+` FROM products WHERE id IN (`+strings.Join(params, ", ")+`)`, args...)
	return list, err
}
