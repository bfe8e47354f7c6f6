package main

import (
	"context"
	"slices"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/flags"
	"selvedge/cmd/selvedge/internal/shop"
	"selvedge/composer/site/config"
)

func serveCommand() *cli.Command {
	return &cli.Command{
		Name:   "serve",
		Usage:  "serve a site of your own with --config, or else the shop, composed from its fragments",
		Flags:  slices.Concat(shopSettings.flags(), settings{leaveOut: keysOf(shopSettings)}.flags(), dataFlags(), []cli.Flag{configFlag()}),
		Action: serve,
	}
}

// keysOf returns the keys of settings.
func keysOf(s settings) []string {
	var keys []string
	for _, setting := range s.all() {
		keys = append(keys, setting.Key)
	}
	return keys
}

// serve serves a site until ctx ends: that of --config, or else the shop.
func serve(ctx context.Context, c *cli.Command) error {
	if c.String("config") == "" {
		if err := refuseFlags(c, shopSettings.leaveOut, "is for a site of your own; name its file with --config"); err != nil {
			return err
		}
		return serveSite(ctx, c, shopSettings.reader(c), shopOpener(c, (*shop.Shop).NewSite))
	}
	for _, flag := range dataFlags() {
		if name := flag.Names()[0]; c.IsSet(name) {
			return flags.Errorf("--%s is for the shop, and not for the site of a --config", name)
		}
	}
	return serveSite(ctx, c, settings{}.reader(c), openSite)
}

// refuseFlags returns the error of a flag that the command has not been given the file for.
func refuseFlags(c *cli.Command, keys []string, why string) error {
	for _, s := range config.Settings() {
		if slices.Contains(keys, s.Key) && c.IsSet(s.Flag) {
			return flags.Errorf("--%s %s", s.Flag, why)
		}
	}
	return nil
}
