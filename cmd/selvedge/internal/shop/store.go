package shop

import (
	"context"
	"log/slog"
	"slices"

	"selvedge/cmd/selvedge/internal/shop/datafolder"
	"selvedge/store"
	"selvedge/store/catalogue"
	"selvedge/store/sqlite"
)

// openStore opens the store of the shop, and fills an empty store.
func openStore(ctx context.Context, data datafolder.Folder, products int, logger *slog.Logger) (*store.Store, error) {
	if err := data.Make(); err != nil {
		return nil, err
	}
	s, err := sqlite.Open(ctx, data.Database())
	if err != nil {
		return nil, err
	}
	if err = data.RefuseEmpty(ctx, s); err == nil {
		err = prepare(ctx, s, products, logger)
	}
	if err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

// prepare fills the store, and searches it, because the first search builds the index, and
// would let a visitor wait.
func prepare(ctx context.Context, s *store.Store, products int, logger *slog.Logger) error {
	if err := fill(ctx, s, products, logger); err != nil {
		return err
	}
	_, err := s.Products(ctx, store.Query{})
	return err
}

// fill adds products to an empty store: the catalogue, or generated products.
func fill(ctx context.Context, s *store.Store, products int, logger *slog.Logger) error {
	empty, err := s.Empty(ctx)
	if err != nil {
		return err
	}
	if !empty {
		if products > 0 {
			logger.Warn("the store has products already, so none were generated")
		}
		return nil
	}
	goods := slices.Values(catalogue.Products())
	if products > 0 {
		goods = catalogue.Generate(products)
	}
	n, err := s.Fill(ctx, goods)
	if err != nil {
		return err
	}
	logger.Info("filled the store", "products", n)
	return nil
}
