package fragments

import (
	"embed"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// FramePath is the path below which [Standalone] frames an answer that is
// already there, such as an error, instead of asking for one.
const FramePath = "/-/frame"

// StandaloneOptions say what the page around a fragment that is served alone loads. The
// zero value is a page with a plain stylesheet and without scripts.
type StandaloneOptions struct {
	// Styles are the addresses of stylesheets before that of the page, such as that of
	// the site's layout, whose custom properties the fragment's styles may use.
	Styles []string
	// Scripts are the addresses of the modules that the page loads, in their order.
	Scripts []string
	// Live is the address for the page's live connection, such as "/live". Default:
	// the page has none.
	Live string
}

// Standalone returns the page around a fragment that is served alone: an ESI
// template with an index of the fragment's sample paths and, as its main part,
// the fragment's answer to the path and query of the page. At FramePath the
// main part is what stands at /-/answer.
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
		panic(err) // the manifest is right, and so is the version of f
	}
	page.link = preloads(append(slices.Clone(o.Styles), page.URL("standalone.css")))
	return page
}

// StandaloneName is the name of the page of Standalone.
const StandaloneName = "standalone"

//go:embed standalone.css
var standaloneFiles embed.FS

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
	return prefix + m.Name + escaped + "?$(QUERY_STRING)"
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
