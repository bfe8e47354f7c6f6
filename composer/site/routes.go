package site

import (
	"log/slog"
	"net/http"
	"strings"

	"selvedge/composer"
	"selvedge/composer/manifest"
	"selvedge/composer/server"
	"selvedge/composer/site/config"
	"selvedge/hub/jsonlive"
)

// livePath is the address of live connections.
const livePath = "/-/live"

// routes makes the handler of a generation, with every path of the site.
func (g *generation) routes(s *Site) {
	c := s.live.Composer()
	pages := g.pageRoutes(c)
	var routes http.Handler = ownOrPages(g.ownRoutes(s, c), pages)
	if s.options.Around != nil {
		routes = s.options.Around(s, routes)
	}
	own := s.securityHeaders(g.errors.crossOrigin(routes))
	var rest http.Handler
	if g.config.Origin != "" {
		rest = server.ExtendDeadlines(c.Proxy())
	}
	check := server.RequestCheck{Hosts: g.hosts, PassThrough: rest != nil, Refuse: func(w http.ResponseWriter, r *http.Request, err *server.RequestError) {
		setPolicy(s.policy.load(), w, r)
		g.errors.refuse(w, r, err)
	}}
	g.handler = check.Handler(g.ownOr(pages, own, rest))
}

// ownPrefix begins the site's own paths.
const ownPrefix = "/-/"

// ownRoutes returns the paths below /-/ and /fragments/.
func (g *generation) ownRoutes(s *Site, c *composer.Composer) *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle(ownPrefix, clientOr(g.errors.notFound))
	g.handleLive(mux, livePath, s.live.Live())
	g.handleLive(mux, livePath+".json", s.live.LiveJSON())
	g.handle(mux, http.MethodGet, livePath+".schema.json", jsonlive.SchemaHandler(jsonlive.Schema))
	g.handle(mux, http.MethodGet, "/-/healthz", http.HandlerFunc(s.probes.Healthy))
	g.handle(mux, http.MethodGet, "/-/readyz", http.HandlerFunc(s.probes.Ready))
	g.handle(mux, http.MethodGet, "/-/schema.json", jsonlive.SchemaHandler(config.Schema()))
	g.handle(mux, http.MethodGet, "/-/manifest.schema.json", jsonlive.SchemaHandler(manifest.Schema))
	g.handle(mux, http.MethodPost, "/-/invalidate", g.invalidation(c, s.logger))
	for _, path := range []string{composer.DebugStylesheet, composer.DebugScript} {
		g.handle(mux, http.MethodGet, path, http.HandlerFunc(composer.DebugFile))
	}
	g.handle(mux, http.MethodGet, composer.Prefix+"{$}", c.Session(g.listing(s.registry)))
	mux.Handle(composer.Prefix, c.Session(c.Fragment()))
	return mux
}

// pageRoutes returns the paths of pages and of REST.
func (g *generation) pageRoutes(c *composer.Composer) *http.ServeMux {
	mux := http.NewServeMux()
	g.hasPaths = len(g.config.Pages) > 0
	for name, f := range g.config.Fragments {
		g.hasPaths = g.hasPaths || len(f.API) > 0
		for _, path := range f.API {
			mux.Handle(config.RoutePattern(config.APIPattern(path)), &route{c.Session(c.Forward(name))})
		}
	}
	for _, page := range g.config.Pages {
		mux.Handle("GET "+config.RoutePattern(page.Pattern), &route{c.Session(g.page(c, page))})
	}
	mux.HandleFunc("/", g.unclaimed(mux, c))
	return mux
}

// ownOrPages returns a handler that sends requests below /-/ and /fragments/ to own, and all
// further requests to pages. The two are apart because a page for all paths, or for all of
// two segments, is no pattern of a mux that has prefixes.
func ownOrPages(own, pages http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, ownPrefix) || strings.HasPrefix(r.URL.Path, composer.Prefix) {
			own.ServeHTTP(w, r)
			return
		}
		pages.ServeHTTP(w, r)
	}
}

// handle registers a path of the site itself. Other methods are answered 405.
func (g *generation) handle(mux *http.ServeMux, method, path string, h http.Handler) {
	allow := method
	if method == http.MethodGet {
		allow = "GET, HEAD"
	}
	g.allow(mux, method, path, allow, h)
}

// handleLive registers the path of live connections, which have no HEAD.
func (g *generation) handleLive(mux *http.ServeMux, path string, h http.Handler) {
	g.allow(mux, http.MethodGet, path, http.MethodGet, h)
	mux.HandleFunc("HEAD "+path, func(w http.ResponseWriter, r *http.Request) { g.errors.notAllowed(w, r, http.MethodGet) })
}

// allow registers a path with a method, and answers other methods 405.
func (g *generation) allow(mux *http.ServeMux, method, path, allow string, h http.Handler) {
	mux.Handle(method+" "+path, h)
	mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { g.errors.notAllowed(w, r, allow) })
}

// unclaimed returns the handler of paths that no other pattern of the mux has for the method
// of the request: of the stylesheets that fragments announce, wherever they lie.
func (g *generation) unclaimed(mux *http.ServeMux, c *composer.Composer) http.HandlerFunc {
	stylesheets := c.Assets(http.HandlerFunc(g.errors.notFound))
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead && isClaimed(mux, http.MethodGet, r) {
			g.errors.notAllowed(w, r, "GET, HEAD")
			return
		}
		stylesheets.ServeHTTP(w, r)
	}
}

// route is the handler of a page, or of a path of REST. Its type tells it from the redirects
// of a mux.
type route struct{ http.Handler }

// isClaimed reports whether a mux has a page, or a path of REST, for a method and a path.
func isClaimed(mux *http.ServeMux, method string, r *http.Request) bool {
	other := *r
	other.Method = method
	h, _ := mux.Handler(&other)
	_, ok := h.(*route)
	return ok
}

// ownOr returns a handler that sends requests for a path of the site to own, and all further
// requests to rest, the origin. Without rest, all requests go to own.
func (g *generation) ownOr(mux *http.ServeMux, own, rest http.Handler) http.Handler {
	if rest == nil {
		return own
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g.isOwn(mux, r) {
			own.ServeHTTP(w, r)
			return
		}
		rest.ServeHTTP(w, r)
	})
}

// isOwn reports whether a path is the site's, and not the origin's:
//
//   - a path below /-/;
//   - a path below /fragments/ with the name of a fragment;
//   - the path of a page, or of REST, as it is: the mux redirects other forms of it, and a
//     proxy changes no path.
func (g *generation) isOwn(mux *http.ServeMux, r *http.Request) bool {
	if strings.HasPrefix(r.URL.Path, ownPrefix) {
		return true
	}
	if rest, below := strings.CutPrefix(r.URL.Path, composer.Prefix); below {
		name, _, _ := strings.Cut(rest, "/")
		name, _, _ = strings.Cut(name, "@")
		_, known := g.config.Fragments[name]
		return known || rest == "" && len(g.config.Fragments) > 0
	}
	return g.hasPaths && (isClaimed(mux, r.Method, r) || r.Method != http.MethodGet && isClaimed(mux, http.MethodGet, r))
}

// page returns the handler of a page.
func (g *generation) page(c *composer.Composer, page config.Page) http.Handler {
	template, err := g.config.Template(page.Template)
	if err != nil {
		panic("site: " + err.Error()) // Config.Check has read it
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reference, ok := referenceOf(template, r)
		if !ok {
			g.errors.notFound(w, r)
			return
		}
		if err := c.ServePage(w, r, reference); err != nil {
			g.errors.fail(w, r, err)
		}
	})
}

// referenceOf returns the reference of a template for a request. It reports false for a path
// with a value that could lead elsewhere: . or .., or with an encoded slash.
func referenceOf(t config.Template, r *http.Request) (string, bool) {
	if strings.Contains(strings.ToLower(r.URL.RawPath), "%2f") {
		return "", false
	}
	if t.File != "" {
		return filePrefix + t.File, true
	}
	return t.Reference(r.PathValue)
}

// clientOr serves the client script, and all further paths by next.
func clientOr(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if (r.Method == http.MethodGet || r.Method == http.MethodHead) && clientScript.Serves(r.URL.Path) {
			clientScript.ServeHTTP(w, r)
			return
		}
		next(w, r)
	})
}

// invalidation returns the handler of POST /-/invalidate. Its errors are problem JSON,
// whatever a request accepts, because its clients are programs.
func (g *generation) invalidation(c *composer.Composer, logger *slog.Logger) http.Handler {
	i := &server.Invalidation{Composer: c, Error: func(w http.ResponseWriter, r *http.Request, err error) {
		server.ErrorPages{PrefersHTML: func(*http.Request) bool { return false }, Logger: logger}.Error(w, r, err)
	}}
	if g.admin != nil {
		i.Authorize = g.admin.Authorize
		return i
	}
	i.Authorize = func(http.ResponseWriter, *http.Request) error {
		return &server.Problem{Status: http.StatusForbidden, Title: "Invalidating is disabled",
			Detail: "The site has no token for an operator. Its configuration names one as admin-token, and so does the flag --admin-token."}
	}
	return i
}
