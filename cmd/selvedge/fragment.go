package main

import (
	"context"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/shop"
	"selvedge/composer/site"
	"selvedge/composer/site/config"
)

func fragmentCommand() *cli.Command {
	return &cli.Command{
		Name:      "fragment",
		Usage:     "serve one fragment of the shop alone, with its REST routes and static files",
		ArgsUsage: "NAME",
		Arguments: []cli.Argument{&cli.StringArg{Name: "name", UsageText: "NAME"}},
		Flags:     append(fragmentSettings.flags(), dataFlags()...),
		Action:    serveFragment,
	}
}

// serveFragment serves a fragment alone until ctx ends.
func serveFragment(ctx context.Context, c *cli.Command) error {
	return serveSite(ctx, c, fragmentSettings.reader(c), shopOpener(c, func(s *shop.Shop, cfg *config.Config) (*site.Site, error) {
		return s.NewFragmentSite(cfg, c.StringArg("name"))
	}))
}
