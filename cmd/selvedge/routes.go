package main

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"selvedge/composer"
	"selvedge/fragments/cart"
	"selvedge/fragments/productdetails"
	"selvedge/fragments/productlist"
	"selvedge/fragments/shell"
	"selvedge/static"
)

// routes is every URL of the shop.
func (s *site) routes() http.Handler {
	page := s.composer.Page(shell.Name)
	list := s.composer.Forward(productlist.Name)
	details := s.composer.Forward(productdetails.Name)
	basket := s.composer.Forward(cart.Name)

	r := chi.NewRouter()
	astray(r, s.problem)
	s.common(r)

	// A session begins with a page or with REST, not with a live connection.
	r.Get("/live", s.hub.ServeHTTP)
	r.Get("/api/live", s.hub.ServeJSON)
	read(r, "/robots.txt", http.HandlerFunc(robots))
	read(r, "/sitemap.xml", list)
	read(r, "/api/live/schema.json", serveSchema())

	r.Group(func(r chi.Router) {
		r.Use(s.composer.Session)
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
		r.Handle(composer.Prefix+"*", s.composer.Fragment())
	})
	return s.front(r)
}

// common is what a fragment alone serves too.
func (s *site) common(r chi.Router) {
	read(r, "/healthz", http.HandlerFunc(s.healthy))
	read(r, "/readyz", http.HandlerFunc(s.ready))
	r.Handle("/static/*", s.assets())
	r.Handle(composer.Prefix+"{name}"+composer.AssetPath+"*", s.fragmentAssets())
	r.Post("/-/invalidate", s.invalidate)
}

// read registers a handler for GET and HEAD.
func read(r chi.Router, pattern string, h http.Handler) {
	r.Method(http.MethodGet, pattern, h)
	r.Method(http.MethodHead, pattern, h)
}

// fragmentAssets serves the assets of fragments: those of this program by itself, also
// while another process that has the same is down, and all others by the composer.
func (s *site) fragmentAssets() http.Handler {
	theirs := s.composer.Fragment()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, f := range s.fragments {
			if f.HasAsset(r.URL.Path) {
				f.ServeHTTP(w, r)
				return
			}
		}
		theirs.ServeHTTP(w, r)
	})
}

// assets are our own files, the operator's scripts, and the stylesheets of
// fragments in other processes.
func (s *site) assets() http.Handler {
	ours := static.Handler()
	theirs := s.composer.Assets(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if static.IsStale(r.URL.Path) {
			ours.ServeHTTP(w, r)
			return
		}
		s.notFound(w, r)
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if script := s.scripts.handlers[r.URL.Path]; script != nil {
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
