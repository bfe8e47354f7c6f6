package fragments

import (
	"embed"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// FramePath is the path of the [Standalone] page around an existing response, such as an
// error. The page does not include the fragment at this path.
const FramePath = "/-/frame"

// StandaloneOptions lists the stylesheets and scripts of the page around a fragment that
// is served alone. The zero value is a page with a plain stylesheet and without scripts.
type StandaloneOptions struct {
	// Styles are the addresses of stylesheets before the stylesheet of the page, such as
	// the layout of the site. The styles of the fragment may use custom properties of the
	// layout.
	Styles []string
	// Scripts are the addresses of the modules for the page, in their order.
	Scripts []string
	// Live is the address for the live connection of the page, such as "/live". Default:
	// no connection.
	Live string
}

// Standalone returns the page around a fragment that is served alone. The page is an ESI
// template with two parts:
//
//   - an index of the sample paths of the fragment;
//   - as the main part, the response of the fragment to the path and query of the page.
//     At FramePath, the main part is the content of /-/answer.
//
// Package standalone serves a fragment with this page.
func Standalone(f *Fragment, o StandaloneOptions) *Fragment {
	m := Manifest{
		Name: StandaloneName, Version: f.manifest.Version, Title: f.manifest.Title, Assets: standaloneFiles,
		Routes: []Route{{Pattern: "GET /", Handle: func(w http.ResponseWriter, r *http.Request) error {
			view := standaloneView(f.manifest, o, includeFor(f.manifest, r.URL.Path))
			return HTML(w, r, view, Answer{CacheControl: "public, max-age=60", Template: true})
		}}},
	}
	page, err := New(m)
	if err != nil {
		panic(err) // the manifest is valid, as the version of f is
	}
	page.link = preloads(append(slices.Clone(o.Styles), page.URL("standalone.css")))
	return page
}

// StandaloneName is the name of the page of Standalone.
const StandaloneName = "standalone"

//go:embed standalone.css
var standaloneFiles embed.FS

// includeFor returns the src of the main part of the standalone page for a path. It is
// empty for the root of a fragment without a root route. Characters that could end the
// attribute or begin an ESI variable are escaped.
func includeFor(m Manifest, path string) string {
	if path == FramePath {
		return "/-/answer"
	}
	if path == "/" && !m.HasRoot() {
		return ""
	}
	escaped := (&url.URL{Path: path}).EscapedPath()
	return prefix + m.Name + escaped + "?$(QUERY_STRING)"
}

// HasRoot reports whether the fragment has a route for GET /.
func (m Manifest) HasRoot() bool {
	for _, route := range m.Routes {
		if route.Pattern == "GET /" || route.Pattern == "GET /{$}" {
			return true
		}
	}
	return false
}

// samples returns the routes with a sample for a link.
func samples(m Manifest) []Route {
	var routes []Route
	for _, route := range m.Routes {
		if route.Sample != "" && strings.HasPrefix(route.Pattern, "GET ") {
			routes = append(routes, route)
		}
	}
	return routes
}
