package main

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"selvedge/cmd/selvedge/internal/liveprotocol"
	"selvedge/composer"
	"selvedge/composer/server"
	"selvedge/composer/site"
	"selvedge/fragments"
	"selvedge/fragments/cart"
	"selvedge/fragments/productdetails"
	"selvedge/fragments/productlist"
	"selvedge/fragments/shell"
	"selvedge/static"
)

// routes returns the handler with every URL of the shop.
func (s *shopServer) routes() http.Handler {
	c := s.site.Composer()
	page := c.Page(shell.Name)
	list := c.Forward(productlist.Name)
	details := c.Forward(productdetails.Name)
	basket := c.Forward(cart.Name)

	r := chi.NewRouter()
	routeErrors(r, s.pages)
	commonRoutes(r, s.http, s.data, c, s.pages, s.probes)

	// A session begins with a page or with REST, and never with a live connection.
	r.Get("/live", s.site.Hub().ServeHTTP)
	r.Get("/api/live", s.site.Hub().ServeJSON)
	read(r, "/robots.txt", http.HandlerFunc(robots))
	read(r, "/sitemap.xml", list)
	read(r, "/api/live/schema.json", liveprotocol.SchemaHandler())

	r.Group(func(r chi.Router) {
		r.Use(c.Session)
		read(r, "/", homePage(page))
		read(r, "/products", listPage(page))
		read(r, "/new", listPage(page))
		read(r, "/products/{id}", page)
		read(r, "/cart", page)
		read(r, "/orders/{id}", page)
		for _, path := range shell.Paths() {
			read(r, path, page)
		}

		r.Handle("/api/products", list)
		r.Handle("/api/products/{id}", details)
		r.Handle("/api/products/{id}/stock", details)
		r.Handle("/api/cart", basket)
		r.Handle("/api/cart/{id}", basket)
		r.Handle("/api/checkout", basket)

		read(r, composer.Prefix, http.HandlerFunc(s.listFragments))
		r.Handle(composer.Prefix+"*", c.Fragment())
	})
	return r
}

// commonRoutes adds the routes that the shop shares with a fragment alone.
func commonRoutes(r chi.Router, h *httpServer, data *shopData, c *composer.Composer, pages *site.ErrorPages, p *server.Probes) {
	read(r, "/healthz", http.HandlerFunc(p.Healthy))
	read(r, "/readyz", http.HandlerFunc(p.Ready))
	r.Handle("/static/*", assets(data.scripts, c, pages.NotFound))
	r.Handle(composer.Prefix+"{name}"+composer.AssetPath+"*", fragmentAssets(data.fragments, c))
	r.Method(http.MethodPost, "/-/invalidate", invalidation(c, h.admin))
}

// read registers a handler for GET and HEAD.
func read(r chi.Router, pattern string, h http.Handler) {
	r.Method(http.MethodGet, pattern, h)
	r.Method(http.MethodHead, pattern, h)
}

// fragmentAssets returns a handler for the assets of fragments. An asset of this program is
// served without the composer, also while another process with the asset is down.
func fragmentAssets(ours []*fragments.Fragment, c *composer.Composer) http.Handler {
	theirs := c.Fragment()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, f := range ours {
			if f.HasAsset(r.URL.Path) {
				f.ServeHTTP(w, r)
				return
			}
		}
		theirs.ServeHTTP(w, r)
	})
}

// assets returns a handler for these files, in this order:
//
//  1. the scripts of the operator;
//  2. the files of package static;
//  3. the stylesheets of fragments in other processes.
func assets(s scripts, c *composer.Composer, notFound http.HandlerFunc) http.Handler {
	ours := static.Handler()
	theirs := c.Assets(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if static.IsStale(r.URL.Path) {
			ours.ServeHTTP(w, r)
			return
		}
		notFound(w, r)
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if script := s.handlers[r.URL.Path]; script != nil {
			script.ServeHTTP(w, r)
			return
		}
		if static.Has(r.URL.Path) {
			ours.ServeHTTP(w, r)
			return
		}
		theirs.ServeHTTP(w, r)
	})
}
