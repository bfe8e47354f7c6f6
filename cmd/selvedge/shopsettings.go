package main

import (
	"context"
	"maps"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/flags"
)

// shopSettings are the settings of the shop, and fragmentSettings those of one of its
// fragments alone. The pages of both are fixed.
var (
	shopSettings = settings{
		leaveOut: []string{
			"key", "session-cookie", "pages", "slots", "origin", "origin-timeout", "errors.not-found", "errors.error", "live",
			"cookies", "headers", "set-cookies", "esi-cookies", "esi-types", "esi-alias", "allow-hosts", "surrogates", "obey-request-cache-control",
		},
		defaults: map[string]string{"page-timeout": "10s", "live": "off"},
		docs: map[string]string{
			"admin-token": "bearer token of at least 16 bytes that may set the stock of products and invalidate what is stored, or file:PATH, or env:NAME; without it nobody may",
			"dev":         "put a switch on every page that makes live connections fail",
			"fragments":   "fragments of other processes, in place of those of this one",
		},
	}
	fragmentSettings = settings{
		leaveOut: append([]string{"fragments"}, shopSettings.leaveOut...),
		defaults: with(shopSettings.defaults, "listen", "127.0.0.1:8091"),
		docs:     shopSettings.docs,
	}
)

// with returns a copy of a map with one more entry.
func with(m map[string]string, key, value string) map[string]string {
	m = maps.Clone(m)
	m[key] = value
	return m
}

// dataFlags returns the flags of the shop's data and pages.
func dataFlags() []cli.Flag {
	return []cli.Flag{
		flags.Text("data", "selvedge-data", "folder of the database, made if it is missing, or :memory:"),
		flags.Bool("fill", "begin a shop in an empty database although the key beside it says that there was one, or take over the database of another key"),
		flags.Int("products", 0, "fill an empty store with this many generated products instead of the catalogue"),
		flags.List("script", "load a script, `FILE`, in every page instead of the one that comes with the shop"),
	}
}

// newShopHTTPServer returns a listening server by settings of the shop.
func newShopHTTPServer(ctx context.Context, c *cli.Command, s settings) (*httpServer, error) {
	cfg, err := s.read(c)
	if err != nil {
		return nil, err
	}
	if err := s.check(cfg); err != nil {
		return nil, err
	}
	return newHTTPServer(ctx, c, cfg)
}
