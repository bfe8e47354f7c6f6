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
	site, err := newSiteAround(f, process)
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

// manifestPath is where a fragment that is served alone says what it is.
const manifestPath = "/-/manifest"

// standalone is the name under which the page around a fragment that is
// served alone is registered.
const standalone = "standalone"

// newSiteAround returns a site whose only fragment is f, with a plain page
// around it.
func newSiteAround(f *fragments.Fragment, process *process) (*site, error) {
	registry := composer.NewRegistry()
	m := f.Manifest()
	if err := registry.Add(m.Name, m.Version, composer.Source{Handler: f}); err != nil {
		return nil, err
	}
	page := composer.Source{Handler: fragments.Standalone(f)}
	if err := registry.Add(standalone, m.Version, page); err != nil {
		return nil, err
	}
	s, err := newSite(registry, process)
	if err != nil {
		return nil, err
	}
	s.frame = func(int) string { return composer.Prefix + standalone + fragments.FramePath }
	return s, nil
}

// routesAlone is every URL of a fragment that is served alone: its own paths,
// without its name.
func (s *site) routesAlone(f *fragments.Fragment) http.Handler {
	r := chi.NewRouter()
	astray(r, s.problem)
	s.common(r)
	read(r, manifestPath, fragments.Index(f))
	r.Handle("/*", s.bareOrPage(f))
	return s.front(r)
}

// bareOrPage answers another composer with the response of the fragment as it
// is, a browser that navigates with a page, and everybody else with the
// rendered fragment and nothing around it.
//
// Another composer has verified the sessions of its visitors, with a key of its
// own, and sends their ids, so only the others get a session here.
func (s *site) bareOrPage(f *fragments.Fragment) http.Handler {
	raw, visited := s.invalidating(f), s.composer.Session(s.renderedOrPage(f))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Sec-Fetch-Dest, Surrogate-Capability")
		if r.Header.Get("Surrogate-Capability") != "" {
			raw.ServeHTTP(w, r)
			return
		}
		visited.ServeHTTP(w, r)
	})
}

func (s *site) renderedOrPage(f *fragments.Fragment) http.Handler {
	name := f.Manifest().Name
	page, forward := s.composer.Page(standalone), s.composer.Forward(name)
	rendered := under(composer.Prefix+name, s.composer.Fragment())
	index := fragments.Index(f)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		read := r.Method == http.MethodGet || r.Method == http.MethodHead
		switch {
		case read && navigates(r) && !strings.HasPrefix(r.URL.Path, "/api/"):
			page.ServeHTTP(w, r)
		case read && r.URL.Path == "/" && !f.Manifest().HasRoot():
			index.ServeHTTP(w, r)
		case read:
			rendered.ServeHTTP(w, r)
		default:
			forward.ServeHTTP(w, r)
		}
	})
}

// under puts a prefix before the path of requests.
func under(prefix string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out := r.Clone(r.Context())
		out.URL.Path = prefix + out.URL.Path
		if out.URL.RawPath != "" {
			out.URL.RawPath = prefix + out.URL.RawPath
		}
		h.ServeHTTP(w, out)
	})
}

// navigates reports whether a browser asks for something to show as a page
// (Fetch Metadata, Sec-Fetch-Dest).
func navigates(r *http.Request) bool { return r.Header.Get("Sec-Fetch-Dest") == "document" }
