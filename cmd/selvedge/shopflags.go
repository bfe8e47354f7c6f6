package main

import (
	"slices"
	"time"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/flags"
)

// shopFlags returns the flags of a server with fragments of the shop.
func shopFlags(listen string) []cli.Flag {
	return append(slices.Concat(serverFlags(listen), composerFlags(10*time.Second), liveFlags()),
		flags.Text("data", "selvedge-data", "folder of the database, made if it is missing, or :memory:"),
		flags.Bool("fill", "begin a shop in an empty database although the key beside it says that there was one, or take over the database of another key"),
		flags.Int("products", 0, "fill an empty store with this many generated products instead of the catalogue"),
		flags.Text("admin-token", "", "bearer token of at least 16 bytes that may set the stock of products and invalidate what is stored; empty: nobody may"),
		flags.List("script", "load a script, `FILE`, in every page instead of the one that comes with the shop"),
		flags.Bool("dev", "put a switch on every page that makes live connections fail"),
	)
}
