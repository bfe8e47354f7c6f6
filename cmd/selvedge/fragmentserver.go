package main

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"selvedge/composer"
	"selvedge/composer/live"
	"selvedge/fragments"
	"selvedge/fragments/shell"
	"selvedge/fragments/standalone"
	"selvedge/hub"
)

// fragmentServer serves one fragment alone, for composers in other processes and for
// browsers.
type fragmentServer struct {
	http     *httpServer
	data     *shopData
	fragment *fragments.Fragment
	site     *live.Site
	pages    *errorPages
	handler  http.Handler // of every request, and of every action over a live connection
}

// newFragmentServer returns a server of a fragment in a plain page. The page has the
// styles of the shop's layout, because the fragment may use their custom properties.
func newFragmentServer(h *httpServer, data *shopData, f *fragments.Fragment, composing composer.Options, connecting hub.Options) (*fragmentServer, error) {
	layout, err := findFragment(data.fragments, shell.Name)
	if err != nil {
		return nil, err
	}
	registry, err := standalone.NewRegistry(f, fragments.StandaloneOptions{Styles: []string{layout.URL("shell.css")}})
	if err != nil {
		return nil, err
	}
	s := &fragmentServer{http: h, data: data, fragment: f}
	connecting.Actions = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) })
	frame := func(int) string { return composer.Prefix + fragments.StandaloneName + fragments.FramePath }
	if s.site, s.pages, err = newLiveSite(h, data, registry, frame, composing, connecting); err != nil {
		return nil, err
	}
	p := newProbes(h, data.store.Ping)
	s.handler = front(h, s.pages, p, s.routes(p))
	return s, nil
}

// serve answers requests until ctx ends.
func (s *fragmentServer) serve(ctx context.Context) error {
	return s.http.listenAndServe(ctx, s.handler, s.site.Close)
}

// routes returns the handler with every URL of the server: the URLs of package standalone,
// and the assets of the layout for the page.
func (s *fragmentServer) routes(p *probes) http.Handler {
	r := chi.NewRouter()
	routeErrors(r, s.pages.fail)
	commonRoutes(r, s.http, s.data, s.pages, p)
	r.Handle("/*", standalone.Handler(s.site, s.fragment))
	return r
}
