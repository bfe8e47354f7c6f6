package shop

import (
	"fmt"
	"net/http"
	"strings"

	"selvedge/composer/site"
	"selvedge/composer/site/config"
	"selvedge/fragments"
	"selvedge/fragments/shell"
	"selvedge/fragments/standalone"
	"selvedge/static"
)

// NewFragmentSite returns the site of one fragment in a plain page, by a configuration such
// as that of FragmentConfig, for composers in other processes and for browsers. The page is
// live, and has the styles of the shop's layout, because the fragment may use their custom
// properties. A shop has one site.
func (s *Shop) NewFragmentSite(c *config.Config, name string) (*site.Site, error) {
	f, err := s.fragment(name)
	if err != nil {
		return nil, err
	}
	layout, err := s.fragment(shell.Name)
	if err != nil {
		return nil, err
	}
	page := fragments.Standalone(f, fragments.StandaloneOptions{
		Styles: []string{layout.URL("shell.css")}, Scripts: []string{static.URL("selvedge.js"), static.URL("shop.js")}, Live: "/live",
	})
	s.prepare = func(c *config.Config) { c.Fragments[name] = config.Fragment{} }
	s.Prepare(c)
	handlers := map[string]http.Handler{name: f, fragments.StandaloneName: page}
	return s.newSite(c, handlers, func(site *site.Site, next http.Handler) http.Handler {
		return s.withFiles(fragmentPaths(site, f, next))
	})
}

// fragmentPaths returns the handler of one fragment alone. The paths below /-/ are those of
// next, except for the manifest.
func fragmentPaths(site *site.Site, f *fragments.Fragment, next http.Handler) http.Handler {
	alone := standalone.Handler(site.Live(), f)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/-/") && r.URL.Path != standalone.ManifestPath {
			next.ServeHTTP(w, r)
			return
		}
		alone.ServeHTTP(w, r)
	})
}

// fragment returns the fragment with a name. The error lists all names.
func (s *Shop) fragment(name string) (*fragments.Fragment, error) {
	var names []string
	for _, f := range s.fragments {
		m := f.Manifest()
		if m.Name == name {
			return f, nil
		}
		names = append(names, m.Name)
	}
	return nil, fmt.Errorf("there is no fragment %q; there are %s", name, strings.Join(names, ", "))
}
