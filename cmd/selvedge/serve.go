package main

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/urfave/cli/v3"

	"selvedge/composer"
)

func serveCommand() *cli.Command {
	return &cli.Command{
		Name:         "serve",
		Usage:        "serve the shop, composed from its fragments",
		Flags:        serveFlags(),
		Action:       serve,
		OnUsageError: onUsageError,
	}
}

// serve runs the shop until ctx ends.
func serve(ctx context.Context, c *cli.Command) error {
	remotes, err := parseRemotes(c.StringSlice("fragment"))
	if err != nil {
		return err
	}
	process, err := start(ctx, c)
	if err != nil {
		return err
	}
	defer process.close()

	registry := composer.NewRegistry()
	if err := register(registry, process, remotes); err != nil {
		return err
	}
	site, err := newSite(registry, process)
	if err != nil {
		return err
	}

	tasks := []func(context.Context){site.lint, site.follow, func(ctx context.Context) { endCarts(ctx, process.store, process.logger) }}
	for _, r := range remotes {
		tasks = append(tasks, func(ctx context.Context) { r.watch(ctx, registry, process.logger) })
	}
	defer inBackground(ctx, tasks...)()
	return process.listenAndServe(ctx, site.routes(), site.close)
}

// register adds the shop's own fragments and those of other processes, which
// take the place of ours.
func register(registry *composer.Registry, process *process, remotes []*remote) error {
	elsewhere := make(map[string]bool)
	for _, r := range remotes {
		elsewhere[r.name] = true
		if err := registry.Add(r.name, "", composer.Source{URL: r.url}); err != nil {
			return usageError{fmt.Errorf("--fragment: %w", err)}
		}
	}
	for _, f := range process.fragments {
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
			return nil, usageError{fmt.Errorf("--fragment %q is not NAME=URL with http or https, as in cart=http://127.0.0.1:8091", value)}
		case seen[name]:
			return nil, usageError{fmt.Errorf("--fragment names %s twice", name)}
		}
		seen[name] = true
		remotes = append(remotes, &remote{name: name, url: u})
	}
	return remotes, nil
}
