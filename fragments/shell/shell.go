package shell

import (
	"embed"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"selvedge/fragments"
)

// Name and Version are those of the manifest.
const (
	Name    = "shell"
	Version = "1.0.0"
)

// Options say what pages load. The zero value is the shop as it comes.
type Options struct {
	// Scripts are the URLs of the scripts of every page, in their order: htmx
	// and its extension for live connections, say. Empty: the script of
	// package static.
	Scripts []string
	// Dev adds a switch to every page that makes live connections fail.
	Dev bool
}

// shop is the layout with its options.
type shop struct{ Options }

//go:embed shell.css
var files embed.FS

// New returns the fragment. It needs nothing else: a template is the same for
// everybody and at all times.
func New(o Options) (*fragments.Fragment, error) {
	return fragments.New(fragments.Manifest{
		Name:    Name,
		Version: Version,
		Title:   "The layout of the shop's pages",
		Assets:  files,
		Styles:  []string{"shell.css"},
		Routes:  shop{o}.routes(),
	})
}

func (s shop) routes() []fragments.Route {
	routes := []fragments.Route{
		{Pattern: "GET /{$}", Title: "Home page", Handle: page(s.homePage)},
		{Pattern: "GET /products", Title: "Page of the list", Handle: page(s.listPage)},
		{Pattern: "GET /new", Title: "Page of the newest products", Handle: page(s.newPage)},
		{Pattern: "GET /products/{id}", Title: "Page of a product", Sample: "/products/1", Handle: pageOf(s.productPage)},
		{Pattern: "GET /cart", Title: "Page of the cart", Handle: page(s.cartPage)},
		{Pattern: "GET /orders/{id}", Title: "Page of an order", Handle: pageOf(s.orderPage)},
		{Pattern: "GET /frame", Title: "Page around any other answer", Handle: page(s.framePage)},
		{Pattern: "GET /not-found", Title: "Page around an answer that found nothing", Handle: page(s.notFoundPage)},
		{Pattern: "GET /error", Title: "Page around an error", Handle: page(s.errorPage)},
	}
	for _, i := range informations {
		routes = append(routes, fragments.Route{Pattern: "GET " + i.Path, Title: "Page about " + strings.ToLower(i.Title),
			Handle: page(func() templ.Component { return s.informationPage(i) })})
	}
	return routes
}

type handler = func(http.ResponseWriter, *http.Request) error

// shared are the headers of every template. A minute is short enough for a
// new layout to arrive and long enough to be fetched once for many pages.
var shared = fragments.Answer{Template: true, CacheControl: "public, max-age=60"}

func page(view func() templ.Component) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		return fragments.HTML(w, r, view(), shared)
	}
}

// pageOf makes the page of one thing. Its id becomes part of the src of an
// include, so everything in it that is not part of a path segment is escaped:
// a quote would end the attribute, a slash would name another fragment's path,
// and a parenthesis could make an ESI variable.
func pageOf(view func(id string) templ.Component) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		return fragments.HTML(w, r, view(url.PathEscape(r.PathValue("id"))), shared)
	}
}
