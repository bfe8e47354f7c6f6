package standalone

import (
	"net/http"
	"strings"

	"selvedge/composer"
	"selvedge/composer/live"
	"selvedge/composer/server"
	"selvedge/fragments"
)

// ManifestPath is the path of the description of the fragment in JSON (see
// fragments.Index). The path /manifest.json has the description too.
const ManifestPath = "/-/manifest"

// NewRegistry returns a registry with a fragment and the page around it.
func NewRegistry(f *fragments.Fragment, page fragments.StandaloneOptions) (*composer.Registry, error) {
	registry := composer.NewRegistry()
	for _, source := range []*fragments.Fragment{f, fragments.Standalone(f, page)} {
		m := source.Manifest()
		if err := registry.Add(m.Name, m.Version, composer.Source{Handler: source}); err != nil {
			return nil, err
		}
	}
	return registry, nil
}

// Handler returns the handler for all URLs of a fragment that is served alone. The
// registry of the site is from NewRegistry. The URLs are
//
//   - ManifestPath, /manifest.json and /live;
//   - /fragments/NAME/, for the fragment as the include of a page, and its assets;
//   - the paths of the fragment, without its name.
//
// The response to a path of the fragment depends on the request:
//
//   - Another composer, with Surrogate-Capability in the request, gets the response of
//     the fragment unchanged.
//   - A GET or HEAD by a browser that navigates gets a page, unless the path is below
//     /api/.
//   - Any other GET or HEAD gets the rendered fragment. At the root of a fragment without
//     a root route, the response is fragments.Index.
//   - Any other method is forwarded to the fragment.
func Handler(site *live.Site, f *fragments.Fragment) http.Handler {
	mux := http.NewServeMux()
	manifest := fragments.Index(f)
	mux.Handle("GET "+ManifestPath, manifest)
	mux.Handle("GET /manifest.json", manifest)
	mux.Handle("GET /live", site.Live())
	mux.Handle(composer.Prefix, site.Fragment())
	own := bareOrPage(site, f) // outside of the mux, as a mux redirects to clean paths
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		own.ServeHTTP(w, r)
	})
}

// bareOrPage serves the response of the fragment unchanged to another composer, and the
// response of renderedOrPage to any other client.
//
// Another composer sends the ids of sessions, verified with its own key, so its requests
// get no session here.
func bareOrPage(site *live.Site, f *fragments.Fragment) http.Handler {
	raw, visited := server.InvalidateWrites(site.Composer(), f), site.Composer().Session(renderedOrPage(site, f))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Sec-Fetch-Dest, Surrogate-Capability")
		if r.Header.Get("Surrogate-Capability") != "" {
			raw.ServeHTTP(w, r)
			return
		}
		visited.ServeHTTP(w, r)
	})
}

func renderedOrPage(site *live.Site, f *fragments.Fragment) http.Handler {
	name := f.Manifest().Name
	page, forward := site.Composer().Page(fragments.StandaloneName), site.Composer().Forward(name)
	rendered := under(composer.Prefix+name, site.Composer().Fragment())
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

// under adds a prefix to the path of requests.
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

// navigates reports whether a browser requests a document for a tab (Fetch Metadata,
// Sec-Fetch-Dest).
func navigates(r *http.Request) bool { return r.Header.Get("Sec-Fetch-Dest") == "document" }
