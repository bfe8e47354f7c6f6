package main

import (
	"context"
	"slices"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/flags"
	"selvedge/composer"
	"selvedge/composer/site"
	"selvedge/composer/site/config"
	"selvedge/fragments"
)

func serveCommand() *cli.Command {
	return &cli.Command{
		Name:   "serve",
		Usage:  "serve a site of your own with --config, or else the shop, composed from its fragments",
		Flags:  slices.Concat(serveFlags(), dataFlags(), []cli.Flag{configFlag()}),
		Action: serve,
	}
}

// serveFlags returns the flags of all settings. Those that the shop has too are described for
// the shop.
func serveFlags() []cli.Flag {
	return append(shopSettings.flags(), settings{leaveOut: keysOf(shopSettings)}.flags()...)
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
		return serveShop(ctx, c)
	}
	for _, flag := range dataFlags() {
		if name := flag.Names()[0]; c.IsSet(name) {
			return flags.Errorf("--%s is for the shop, and not for the site of a --config", name)
		}
	}
	return serveSite(ctx, c, func() (*config.Config, error) {
		cfg, err := settings{}.read(c)
		if err != nil {
			return nil, err
		}
		return cfg, settings{}.check(cfg)
	})
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

// serveShop serves the shop until ctx ends.
func serveShop(ctx context.Context, c *cli.Command) error {
	h, err := newShopHTTPServer(ctx, c, shopSettings)
	if err != nil {
		return err
	}
	defer h.close()
	data, err := openShopData(ctx, c, h.admin, h.logger)
	if err != nil {
		return err
	}
	defer data.close(h.logger)

	registry := composer.NewRegistry()
	remotes, err := register(registry, data.fragments, h.config)
	if err != nil {
		return err
	}
	shop, err := newShopServer(h, data, registry)
	if err != nil {
		return err
	}

	tasks := []func(context.Context){
		func(ctx context.Context) { lint(ctx, data.fragments, shop.site.Composer(), h.logger) },
		func(ctx context.Context) { follow(ctx, data.follower, shop.site.Composer(), h.logger) },
		func(ctx context.Context) { endCarts(ctx, data.store, h.logger) },
	}
	for name, source := range remotes {
		tasks = append(tasks, func(ctx context.Context) { site.FollowManifest(ctx, registry, name, source, h.logger) })
	}
	defer inBackground(ctx, tasks...)()
	return h.listenAndServe(ctx, shop)
}

// register adds fragments of this process and of other processes to a registry, and returns
// the sources of the latter by their names. A fragment of another process replaces the
// fragment of this process with the same name.
func register(registry *composer.Registry, ours []*fragments.Fragment, cfg *config.Config) (map[string]composer.Source, error) {
	remotes, err := site.Sources(cfg, nil)
	if err != nil {
		return nil, err
	}
	for name, source := range remotes {
		if err := registry.Add(name, "", source); err != nil {
			return nil, flags.Errorf("--fragment: %w", err)
		}
	}
	for _, f := range ours {
		m := f.Manifest()
		if _, elsewhere := remotes[m.Name]; elsewhere {
			continue
		}
		if err := registry.Add(m.Name, m.Version, composer.Source{Handler: f}); err != nil {
			return nil, err
		}
	}
	return remotes, nil
}
