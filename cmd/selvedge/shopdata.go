package main

import (
	"context"
	"log/slog"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/datafolder"
	"selvedge/cmd/selvedge/internal/flags"
	"selvedge/composer/server"
	"selvedge/fragments"
	"selvedge/fragments/shell"
	"selvedge/store"
)

// shopData is the data of the shop, and the fragments that show the data.
type shopData struct {
	store     *store.Store
	follower  *store.Follower // of the store, since before the first request
	tokenKey  []byte          // signs page tokens
	fragments []*fragments.Fragment
	scripts   scripts
}

// openShopData opens the data by the shopFlags.
func openShopData(ctx context.Context, c *cli.Command, admin *server.BearerToken, logger *slog.Logger) (_ *shopData, err error) {
	products := c.Int("products")
	if products < 0 {
		return nil, flags.Errorf("--products is a number from 0")
	}
	folder := datafolder.New(c.String("data"), c.Bool("fill"))
	d := new(shopData)
	if d.store, err = openStore(ctx, folder, products, logger); err != nil {
		return nil, err
	}
	if d.follower, err = d.store.Follow(ctx); err != nil {
		_ = d.store.Close()
		return nil, err
	}
	if err := d.openFragments(ctx, c, folder, admin); err != nil {
		d.close(logger)
		return nil, err
	}
	return d, nil
}

// openFragments makes the fragments of the open store.
func (d *shopData) openFragments(ctx context.Context, c *cli.Command, folder datafolder.Folder, admin *server.BearerToken) (err error) {
	if d.tokenKey, err = folder.TokenKey(ctx, d.store); err != nil {
		return err
	}
	if d.scripts, err = readScripts(c.StringSlice("script")); err != nil {
		return err
	}
	layout := shell.Options{Scripts: d.scripts.urls, Dev: c.Bool("dev")}
	d.fragments, err = shopFragments(d.store, layout, admin, d.tokenKey)
	return err
}

// close closes the store, and logs an error.
func (d *shopData) close(logger *slog.Logger) {
	if err := d.follower.Close(); err != nil {
		logger.Error("close store", "err", err)
	}
	if err := d.store.Close(); err != nil {
		logger.Error("close store", "err", err)
	}
}
