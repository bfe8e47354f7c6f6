package main

import (
	"context"
	"log/slog"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/flags"
	"selvedge/cmd/selvedge/internal/shop"
	"selvedge/cmd/selvedge/internal/shop/datafolder"
	"selvedge/composer/site"
	"selvedge/composer/site/config"
)

// shopSettings are the settings of the shop, and fragmentSettings those of one of its
// fragments alone. The key of both is in the data folder, and the cookie is that of the kit.
var (
	shopSettings     = settings{leaveOut: []string{"key", "session-cookie"}, base: shop.Config, docs: shopDocs}
	fragmentSettings = settings{
		leaveOut: []string{"key", "session-cookie", "fragments", "pages", "slots", "origin", "origin-timeout", "errors.not-found", "errors.error", "frame"},
		base:     shop.FragmentConfig, docs: shopDocs,
	}
	shopDocs = map[string]string{
		"admin-token": "bearer token of at least 16 bytes that may set the stock of products, invalidate what is stored and see the includes of a page by ?selvedge=debug, or file:PATH, or env:NAME; without it nobody may",
		"dev":         "for development: show visitors what goes wrong, which is a message in place of each failed include, the hosts of includes in Server-Timing, and the includes of a page that is requested with ?selvedge=debug; put a switch on every page that makes live connections fail",
	}
)

// dataFlags returns the flags of the shop's data and pages.
func dataFlags() []cli.Flag {
	return []cli.Flag{
		flags.Text("data", "selvedge-data", "folder of the database, made if it is missing, or :memory:"),
		flags.Bool("fill", "begin a shop in an empty database although the key beside it says that there was one, or take over the database of another key"),
		flags.Int("products", 0, "fill an empty store with this many generated products instead of the catalogue"),
		flags.List("script", "load a script, `FILE`, in every page instead of the one that comes with the shop"),
	}
}

// shopOpener returns the opener of a site of the shop.
func shopOpener(c *cli.Command, newSite func(*shop.Shop, *config.Config) (*site.Site, error)) opener {
	return func(ctx context.Context, cfg *config.Config, logger *slog.Logger) (opened, error) {
		products := c.Int("products")
		if products < 0 {
			return opened{}, flags.Errorf("--products is a number from 0")
		}
		data, err := shop.Open(ctx, shop.Options{
			Folder:   datafolder.New(c.String("data"), c.Bool("fill")),
			Products: products, Scripts: c.StringSlice("script"), Dev: cfg.Dev, Logger: logger,
		})
		if err != nil {
			return opened{}, err
		}
		s, err := newSite(data, cfg)
		if err != nil {
			data.Close()
			return opened{}, flags.Errorf("%w", err)
		}
		run := func(ctx context.Context) {
			defer inBackground(ctx, func(ctx context.Context) { lintShop(ctx, data.Fragments(), s.Live().Composer(), logger) })()
			data.Run(ctx)
		}
		return opened{site: s, handler: shop.WithProbes(s), run: run, prepare: data.Prepare, close: data.Close}, nil
	}
}
