package main

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"selvedge/composer"
	"selvedge/composer/live"
	"selvedge/composer/server"
	"selvedge/composer/site"
	"selvedge/fragments"
	"selvedge/fragments/shell"
	"selvedge/fragments/standalone"
)

// fragmentServer serves one fragment alone, for composers in other processes and for
// browsers.
type fragmentServer struct {
	http     *httpServer
	data     *shopData
	fragment *fragments.Fragment
	site     *live.Site
	pages    *site.ErrorPages
	probes   *server.Probes
	handler  http.Handler // of every request, and of every action over a live connection
}

// newFragmentServer returns a server of a fragment in a plain page. The page has the
// styles of the shop's layout, because the fragment may use their custom properties.
func newFragmentServer(h *httpServer, data *shopData, f *fragments.Fragment) (*fragmentServer, error) {
	layout, err := findFragment(data.fragments, shell.Name)
	if err != nil {
		return nil, err
	}
	registry, err := standalone.NewRegistry(f, fragments.StandaloneOptions{Styles: []string{layout.URL("shell.css")}})
	if err != nil {
		return nil, err
	}
	s := &fragmentServer{http: h, data: data, fragment: f, probes: &server.Probes{Check: data.store.Ping, Logger: h.logger}}
	frame := func(int) string { return composer.Prefix + fragments.StandaloneName + fragments.FramePath }
	if s.site, s.pages, err = newLiveSite(h, data, registry, frame, s); err != nil {
		return nil, err
	}
	s.handler = front(h, s.pages, s.probes, s.routes())
	return s, nil
}

// ServeHTTP answers a request.
func (s *fragmentServer) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Stop has load balancers send no more requests.
func (s *fragmentServer) Stop() { s.probes.Stop() }

// Close ends the live connections.
func (s *fragmentServer) Close(ctx context.Context) error { return s.site.Close(ctx) }

// routes returns the handler with every URL of the server: the URLs of package standalone,
// and the assets of the layout for the page.
func (s *fragmentServer) routes() http.Handler {
	r := chi.NewRouter()
	routeErrors(r, s.pages)
	commonRoutes(r, s.http, s.data, s.site.Composer(), s.pages, s.probes)
	r.Handle("/*", standalone.Handler(s.site, s.fragment))
	return r
}
