package shop

import (
	"net/http"

	"selvedge/cmd/selvedge/internal/shop/liveprotocol"
	"selvedge/composer/site"
	"selvedge/composer/site/config"
	"selvedge/fragments/lint"
	"selvedge/fragments/productlist"
	"selvedge/hub/jsonlive"
	"selvedge/static"
)

// NewSite returns the site of the shop by a configuration, such as that of Config with
// other settings. A shop has one site.
func (s *Shop) NewSite(c *config.Config) (*site.Site, error) {
	s.Prepare(c)
	handlers := make(map[string]http.Handler)
	for _, f := range s.fragments {
		handlers[f.Manifest().Name] = f
	}
	return s.newSite(c, handlers, s.ownPaths)
}

// newSite returns a site of the fragments, with the paths of the shop.
func (s *Shop) newSite(c *config.Config, handlers map[string]http.Handler, around func(*site.Site, http.Handler) http.Handler) (_ *site.Site, err error) {
	s.site, err = site.New(c, site.Options{
		Fragments: handlers,
		Around:    around,
		Protocol:  liveprotocol.Protocol{SessionID: func(r *http.Request) string { return s.site.Live().Composer().SessionID(r) }},
		Inspect:   lint.Inspect,
		Check:     s.store.Ping,
		Logger:    s.logger,
	})
	return s.site, err
}

// ownPaths returns a handler of the paths that the shop has beside those of its
// configuration. All further paths are those of next.
func (s *Shop) ownPaths(site *site.Site, next http.Handler) http.Handler {
	next = movedPages(withAliases(liveAliases, next))
	sitemap := site.Live().Composer().Forward(productlist.Name)
	schema := jsonlive.SchemaHandler(liveprotocol.Schema)
	return s.withFiles(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			next.ServeHTTP(w, r)
		case r.URL.Path == "/robots.txt":
			robots(w, r)
		case r.URL.Path == "/sitemap.xml":
			sitemap.ServeHTTP(w, r)
		case r.URL.Path == "/api/live/schema.json":
			schema.ServeHTTP(w, r)
		default:
			next.ServeHTTP(w, r)
		}
	}))
}

// withFiles returns a handler of these files, before next:
//
//  1. the scripts of the operator;
//  2. the files of package static;
//  3. the assets of the fragments of this process, also while another process with the
//     fragment is down.
func (s *Shop) withFiles(next http.Handler) http.Handler {
	scripts := static.Handler()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := r.URL.Path
		if script := s.scripts.handlers[path]; script != nil {
			script.ServeHTTP(w, r)
			return
		}
		if static.Has(path) || static.IsStale(path) {
			scripts.ServeHTTP(w, r)
			return
		}
		for _, f := range s.fragments {
			if f.HasAsset(path) {
				f.ServeHTTP(w, r)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}
