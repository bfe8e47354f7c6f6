package main

import (
	"context"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/flags"
	"selvedge/composer/site/config"
)

// proxySettings are the settings of a proxy. Its origin is an argument.
var proxySettings = settings{leaveOut: []string{"origin"}}

func proxyCommand() *cli.Command {
	return &cli.Command{
		Name:      "proxy",
		Usage:     "stand in front of an origin as a shared cache that completes its pages",
		ArgsUsage: "ORIGIN",
		Arguments: []cli.Argument{&cli.StringArg{Name: "origin", UsageText: "ORIGIN"}},
		Flags:     append(proxySettings.flags(), configFlag()),
		Action:    proxy,
	}
}

// proxy serves an origin's pages until ctx ends.
func proxy(ctx context.Context, c *cli.Command) error {
	origin := c.StringArg("origin")
	if origin == "" {
		return flags.Errorf("an origin is missing, as in selvedge proxy http://127.0.0.1:9000")
	}
	return serveSite(ctx, c, func() (*config.Config, error) {
		cfg, err := proxySettings.read(c)
		if err != nil {
			return nil, err
		}
		if err := cfg.Set("origin", []string{origin}); err != nil {
			return nil, err
		}
		return cfg, settings{}.check(cfg)
	}, openSite)
}
