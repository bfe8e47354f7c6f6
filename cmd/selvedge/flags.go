package main

import (
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v3"
)

// fromEnvironment names the environment variable of a flag: --admin-token is
// SELVEDGE_ADMIN_TOKEN.
func fromEnvironment(flag string) cli.ValueSourceChain {
	return cli.EnvVars("SELVEDGE_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_")))
}

func text(name, value, usage string) cli.Flag {
	return &cli.StringFlag{Name: name, Value: value, Usage: usage, Sources: fromEnvironment(name)}
}

// list is a flag that may be repeated.
func list(name, usage string) cli.Flag {
	return &cli.StringSliceFlag{Name: name, Usage: usage + "; may be repeated", Sources: fromEnvironment(name)}
}

func hostFlag() cli.Flag {
	return list("host", "answer only requests for this host, `NAME`, on any port; without it: for any host")
}

func trustedFlag() cli.Flag {
	return list("trusted-proxy", "believe proxies in `NETWORK`, such as 10.0.0.0/8 or 10.0.0.5, what X-Forwarded-For and X-Forwarded-Proto say of a visitor, and X-Request-Id of a request; a proxy in front that does TLS needs it")
}

// commonFlags are those of every command that serves.
func commonFlags(listen string) []cli.Flag {
	return append(slices.Concat(serverFlags(listen), composerFlags(10*time.Second), liveFlags()),
		text("data", "selvedge-data", "folder of the database, made if it is missing, or :memory:"),
		&cli.BoolFlag{
			Name:    "fill",
			Usage:   "begin a shop in an empty database although the key beside it says that there was one, or take over the database of another key",
			Sources: fromEnvironment("fill"),
		},
		&cli.IntFlag{
			Name:    "products",
			Usage:   "fill an empty store with this many generated products instead of the catalogue",
			Sources: fromEnvironment("products"),
		},
		text("admin-token", "", "bearer token of at least 16 bytes that may set the stock of products and invalidate what is stored; empty: nobody may"),
		&cli.StringSliceFlag{
			Name:    "script",
			Usage:   "load a script, `FILE`, in every page instead of the one that comes with the shop; may be repeated",
			Sources: fromEnvironment("script"),
		},
		&cli.BoolFlag{
			Name:    "dev",
			Usage:   "put a switch on every page that makes live connections fail",
			Sources: fromEnvironment("dev"),
		},
	)
}

func serveFlags() []cli.Flag {
	return append(commonFlags("127.0.0.1:8080"), &cli.StringSliceFlag{
		Name:    "fragment",
		Usage:   "take a fragment from another process, as `NAME=URL`; may be repeated",
		Sources: fromEnvironment("fragment"),
	})
}
