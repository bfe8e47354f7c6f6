package main

import (
	"context"
	"strings"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/flags"
	"selvedge/fragments"
)

func fragmentCommand() *cli.Command {
	return &cli.Command{
		Name:      "fragment",
		Usage:     "serve one fragment alone, with its REST routes and static files",
		ArgsUsage: "NAME",
		Arguments: []cli.Argument{&cli.StringArg{Name: "name", UsageText: "NAME"}},
		Flags:     append(fragmentSettings.flags(), dataFlags()...),
		Action:    serveFragment,
	}
}

// serveFragment serves a fragment alone until ctx ends.
func serveFragment(ctx context.Context, c *cli.Command) error {
	h, err := newShopHTTPServer(ctx, c, fragmentSettings)
	if err != nil {
		return err
	}
	defer h.close()
	data, err := openShopData(ctx, c, h.admin, h.logger)
	if err != nil {
		return err
	}
	defer data.close(h.logger)
	f, err := findFragment(data.fragments, c.StringArg("name"))
	if err != nil {
		return err
	}
	s, err := newFragmentServer(h, data, f)
	if err != nil {
		return err
	}
	defer inBackground(ctx, func(ctx context.Context) { follow(ctx, data.follower, s.site.Composer(), h.logger) })()
	return h.listenAndServe(ctx, s)
}

// findFragment returns the fragment with a name. The error lists all names.
func findFragment(all []*fragments.Fragment, name string) (*fragments.Fragment, error) {
	var names []string
	for _, f := range all {
		m := f.Manifest()
		if m.Name == name {
			return f, nil
		}
		names = append(names, m.Name)
	}
	return nil, flags.Errorf("there is no fragment %q; there are %s", name, strings.Join(names, ", "))
}
