package standalone

import (
	"net/http"
	"strings"

	"selvedge/composer"
	"selvedge/composer/live"
	"selvedge/composer/server"
	"selvedge/fragments"
)

// ManifestPath is the path at which a fragment that is served alone says, as JSON, its
// name and version.
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

// Handler returns the handler of all URLs of a fragment that is served alone, on a site
// whose registry is from NewRegistry:
//
//   - ManifestPath and /live;
//   - /fragments/NAME/, for the fragment as a page includes it, and its assets;
//   - the fragment's own paths, without its name.
//
// The response to one of its own paths depends on its reader. Another composer, which
// says Surrogate-Capability, gets that of the fragment as it is; a browser that
// navigates gets a page; everything else gets the rendered fragment alone.
func Handler(site *live.Site, f *fragments.Fragment) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET "+ManifestPath, fragments.Index(f))
	mux.Handle("GET /live", site.Live())
	mux.Handle(composer.Prefix, site.Fragment())
	own := bareOrPage(site, f) // beside the mux, which would redirect to a tidier path
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		own.ServeHTTP(w, r)
	})
}

// bareOrPage answers another composer with the response of the fragment as it is, and
// all others with what renderedOrPage has.
//
// Another composer has verified the sessions of its visitors, with a key of its own, and
// sends their ids, so only the others get a session here.
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
