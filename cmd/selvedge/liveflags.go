package main

import (
	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/flags"
	"selvedge/hub"
)

// liveFlags returns the flags for the limits of live connections.
func liveFlags() []cli.Flag {
	limit := func(name string, value int, usage string) cli.Flag {
		return flags.Int(name, value, usage+"; 0: no limit")
	}
	return []cli.Flag{
		limit("live-per-session", 20, "live connections of one session"),
		limit("live-per-address", 200, "live connections of one IPv4 address or IPv6 /64 network"),
		limit("live-views", 64, "fragments that one live connection follows"),
		limit("live-accepts", 0, "live connections accepted in a second"),
		flags.List("live-origin", "another origin whose pages may connect, as https://shop.example"),
	}
}

// liveOptions reads liveFlags.
func liveOptions(c *cli.Command) hub.Options {
	return hub.Options{
		PerSession:       c.Int("live-per-session"),
		PerAddress:       c.Int("live-per-address"),
		Views:            c.Int("live-views"),
		AcceptsPerSecond: c.Int("live-accepts"),
		Origins:          c.StringSlice("live-origin"),
	}
}
