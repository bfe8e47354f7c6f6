package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/urfave/cli/v3"

	"selvedge/composer"
	"selvedge/fragments"
	"selvedge/fragments/shell"
	"selvedge/fragments/standalone"
)

func fragmentCommand() *cli.Command {
	return &cli.Command{
		Name:         "fragment",
		Usage:        "serve one fragment alone, with its REST routes and static files",
		ArgsUsage:    "NAME",
		Arguments:    []cli.Argument{&cli.StringArg{Name: "name", UsageText: "NAME"}},
		Flags:        commonFlags("127.0.0.1:8091"),
		Action:       serveAlone,
		OnUsageError: onUsageError,
	}
}

// serveAlone runs one fragment until ctx ends.
func serveAlone(ctx context.Context, c *cli.Command) error {
	process, err := start(ctx, c)
	if err != nil {
		return err
	}
	defer process.close()
	f, err := process.fragment(c.StringArg("name"))
	if err != nil {
		return err
	}
	layout, err := process.fragment(shell.Name)
	if err != nil {
		return err
	}
	site, err := newSiteAround(f, layout, process)
	if err != nil {
		return err
	}
	defer inBackground(ctx, site.follow)()
	return process.listenAndServe(ctx, site.routesAlone(f), site.close)
}

func (p *process) fragment(name string) (*fragments.Fragment, error) {
	var names []string
	for _, f := range p.fragments {
		m := f.Manifest()
		if m.Name == name {
			return f, nil
		}
		names = append(names, m.Name)
	}
	return nil, usageError{fmt.Errorf("there is no fragment %q; there are %s", name, strings.Join(names, ", "))}
}

// newSiteAround returns a site whose only fragment is f, with a plain page
// around it in the style of the layout, whose custom properties f may use.
func newSiteAround(f, layout *fragments.Fragment, process *process) (*site, error) {
	registry, err := standalone.NewRegistry(f, fragments.StandaloneOptions{Styles: []string{layout.URL("shell.css")}})
	if err != nil {
		return nil, err
	}
	s, err := newSite(registry, process)
	if err != nil {
		return nil, err
	}
	s.frame = func(int) string { return composer.Prefix + fragments.StandaloneName + fragments.FramePath }
	return s, nil
}

// routesAlone is every URL of a fragment that is served alone: those of package
// standalone, and the assets of the layout, which its page loads too.
func (s *site) routesAlone(f *fragments.Fragment) http.Handler {
	r := chi.NewRouter()
	astray(r, s.problem)
	s.common(r)
	r.Handle("/*", standalone.Handler(s.live, f))
	return s.front(r)
}
