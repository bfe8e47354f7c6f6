package main

import (
	"github.com/urfave/cli/v3"

	"selvedge/hub"
)

// liveFlags are the limits of live connections.
func liveFlags() []cli.Flag {
	limit := func(name string, value int, usage string) cli.Flag {
		return &cli.IntFlag{Name: name, Value: value, Usage: usage + "; 0: no limit", Sources: fromEnvironment(name)}
	}
	return []cli.Flag{
		limit("live-per-session", 20, "live connections of one session"),
		limit("live-per-address", 200, "live connections of one IPv4 address or IPv6 /64 network"),
		limit("live-views", 64, "fragments that one live connection follows"),
		limit("live-accepts", 0, "live connections accepted in a second"),
		&cli.StringSliceFlag{
			Name:    "live-origin",
			Usage:   "another origin whose pages may connect, as https://shop.example; may be repeated",
			Sources: fromEnvironment("live-origin"),
		},
	}
}

func liveOptions(c *cli.Command) hub.Options {
	return hub.Options{
		PerSession:       c.Int("live-per-session"),
		PerAddress:       c.Int("live-per-address"),
		Views:            c.Int("live-views"),
		AcceptsPerSecond: c.Int("live-accepts"),
		Origins:          c.StringSlice("live-origin"),
	}
}
