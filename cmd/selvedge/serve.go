package main

import (
	"context"
	"net/url"
	"strings"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/flags"
	"selvedge/composer"
	"selvedge/fragments"
)

func serveCommand() *cli.Command {
	return &cli.Command{
		Name:   "serve",
		Usage:  "serve the shop, composed from its fragments",
		Flags:  append(shopFlags("127.0.0.1:8080"), flags.List("fragment", "take a fragment from another process, as `NAME=URL`")),
		Action: serve,
	}
}

// serve serves the shop until ctx ends.
func serve(ctx context.Context, c *cli.Command) error {
	remotes, err := parseRemotes(c.StringSlice("fragment"))
	if err != nil {
		return err
	}
	h, err := newHTTPServer(ctx, c)
	if err != nil {
		return err
	}
	defer h.close()
	composing, err := composerOptions(c)
	if err != nil {
		return err
	}
	data, err := openShopData(ctx, c, h.admin, h.logger)
	if err != nil {
		return err
	}
	defer data.close(h.logger)

	registry := composer.NewRegistry()
	if err := register(registry, data.fragments, remotes); err != nil {
		return err
	}
	shop, err := newShopServer(h, data, registry, composing, liveOptions(c))
	if err != nil {
		return err
	}

	tasks := []func(context.Context){
		func(ctx context.Context) { lint(ctx, data.fragments, shop.site.Composer(), h.logger) },
		func(ctx context.Context) { follow(ctx, data.follower, shop.site.Composer(), h.logger) },
		func(ctx context.Context) { endCarts(ctx, data.store, h.logger) },
	}
	for _, r := range remotes {
		tasks = append(tasks, func(ctx context.Context) { r.watch(ctx, registry, h.logger) })
	}
	defer inBackground(ctx, tasks...)()
	return shop.serve(ctx)
}

// register adds fragments of this process and of other processes to a registry. A remote
// fragment replaces the fragment of this process with the same name.
func register(registry *composer.Registry, ours []*fragments.Fragment, remotes []*remote) error {
	elsewhere := make(map[string]bool)
	for _, r := range remotes {
		elsewhere[r.name] = true
		if err := registry.Add(r.name, "", composer.Source{URL: r.url}); err != nil {
			return flags.Errorf("--fragment: %w", err)
		}
	}
	for _, f := range ours {
		m := f.Manifest()
		if elsewhere[m.Name] {
			continue
		}
		if err := registry.Add(m.Name, m.Version, composer.Source{Handler: f}); err != nil {
			return err
		}
	}
	return nil
}

// parseRemotes reads the values of --fragment.
func parseRemotes(values []string) ([]*remote, error) {
	var remotes []*remote
	seen := make(map[string]bool)
	for _, value := range values {
		name, base, ok := strings.Cut(value, "=")
		u, err := url.Parse(base)
		switch {
		case !ok || err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
			return nil, flags.Errorf("--fragment %q is not NAME=URL with http or https, as in cart=http://127.0.0.1:8091", value)
		case seen[name]:
			return nil, flags.Errorf("--fragment names %s twice", name)
		}
		seen[name] = true
		remotes = append(remotes, &remote{name: name, url: u})
	}
	return remotes, nil
}
