package fragments

import (
	"net/http"
	"net/url"
	"strings"
)

// FramePath is the path below which [Standalone] frames an answer that is
// already there, such as an error, instead of asking for one.
const FramePath = "/-/frame"

// Standalone returns the page around a fragment that is served alone: an ESI
// template with an index of the fragment's sample paths and, as its main part,
// the fragment's answer to the path and query of the page. At FramePath the
// main part is what stands at /-/answer.
//
// The styles of the shop's shell come with it, because the styles of fragments
// use their custom properties.
func Standalone(f *Fragment) http.Handler {
	page := &Fragment{manifest: f.manifest, link: styleLinks([]string{"shell.css", "standalone.css"})}
	page.mux = http.NewServeMux()
	page.mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		view := standaloneView(f.manifest, includeFor(f.manifest, r.URL.Path))
		if err := HTML(w, r, view, Answer{CacheControl: "public, max-age=60", Template: true}); err != nil {
			Error(w, r, err)
		}
	})
	return page
}

// includeFor returns the src of the main part of the standalone page for a
// path; empty if the fragment has nothing at its root. All that could end the
// attribute or begin an ESI variable is escaped.
func includeFor(m Manifest, path string) string {
	if path == FramePath {
		return "/-/answer"
	}
	if path == "/" && !m.HasRoot() {
		return ""
	}
	escaped := (&url.URL{Path: path}).EscapedPath()
	return "/fragments/" + m.Name + escaped + "?$(QUERY_STRING)"
}

// HasRoot reports whether the fragment itself answers GET /.
func (m Manifest) HasRoot() bool {
	for _, route := range m.Routes {
		if route.Pattern == "GET /" || route.Pattern == "GET /{$}" {
			return true
		}
	}
	return false
}

// samples returns the routes that a link can show.
func samples(m Manifest) []Route {
	var routes []Route
	for _, route := range m.Routes {
		if route.Sample != "" && strings.HasPrefix(route.Pattern, "GET ") {
			routes = append(routes, route)
		}
	}
	return routes
}
