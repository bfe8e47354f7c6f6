package main

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"log/slog"
	"slices"

	"selvedge/fragments"
	"selvedge/fragments/cart"
	"selvedge/fragments/productdetails"
	"selvedge/fragments/productlist"
	"selvedge/fragments/shell"
	"selvedge/store"
	"selvedge/store/catalogue"
	"selvedge/store/sqlite"
)

// shopFragments returns the fragments of the shop. Key is that of the data folder,
// from which the key of links to orders is derived.
func shopFragments(s *store.Store, o shell.Options, admin *fragments.AdminToken, key []byte) ([]*fragments.Fragment, error) {
	layout, err := shell.New(o)
	if err != nil {
		return nil, err
	}
	list, err := productlist.New(s)
	if err != nil {
		return nil, err
	}
	details, err := productdetails.New(s, admin)
	if err != nil {
		return nil, err
	}
	linkKey, err := hkdf.Key(sha256.New, key, nil, "links to orders", sha256.Size)
	if err != nil {
		return nil, err
	}
	basket, err := cart.New(s, cart.Options{LinkKey: linkKey})
	if err != nil {
		return nil, err
	}
	return []*fragments.Fragment{layout, list, details, basket}, nil
}

// openStore opens the shop's data and fills it if it is empty.
func openStore(ctx context.Context, data dataFolder, products int, logger *slog.Logger) (*store.Store, error) {
	if err := data.make(); err != nil {
		return nil, err
	}
	s, err := sqlite.Open(ctx, data.database())
	if err != nil {
		return nil, err
	}
	if err = data.refuseEmpty(ctx, s); err == nil {
		err = prepare(ctx, s, products, logger)
	}
	if err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

// prepare fills the store, and searches it once: the first search builds the
// index, for which no visitor should wait.
func prepare(ctx context.Context, s *store.Store, products int, logger *slog.Logger) error {
	if err := fill(ctx, s, products, logger); err != nil {
		return err
	}
	_, err := s.Products(ctx, store.Query{})
	return err
}

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
