package fragments

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"

	"github.com/Masterminds/semver/v3"

	"selvedge/fragments/assets"
)

// Manifest describes a fragment and its routes.
type Manifest struct {
	Name    string // 1 to 64 small letters, digits and hyphens, with no hyphen first; part of URLs
	Version string // a semantic version without "v"
	Title   string // the content, in a few words

	// Assets are the stylesheets, scripts, pictures and fonts of the fragment, usually an
	// embed.FS. The assets are served at /fragments/NAME/assets/ under names with their
	// hashes (see package assets), and [URL] returns their addresses. New reads all
	// assets. Default: none.
	Assets fs.FS

	// Styles names the stylesheets for every HTML response, such as "clock.css". Each
	// style is among the assets. The response announces them with a Link header, and the
	// page around the fragment loads them.
	Styles []string

	// Policy has hosts that pages with the fragment load files from, or connect to, by the
	// directive of Content-Security-Policy: {"img-src": {"https://cdn.example"}}. A site
	// adds those that its configuration allows to its own policy. Default: none.
	Policy map[string][]string

	Routes []Route
}

// Route is one path of a fragment.
type Route struct {
	// Pattern is a pattern of net/http.ServeMux with a method, such as "GET /mini". A GET
	// pattern matches HEAD too.
	Pattern string
	Title   string // a description for the indexes

	// Sample is a path with sample data, such as "/products/1". The standalone page
	// links to the samples of GET routes. Default: no link.
	Sample string

	// Handle writes a response or returns an error for Error. It must not do both.
	Handle func(http.ResponseWriter, *http.Request) error
}

// Fragment serves the routes and assets of a Manifest. It is safe for concurrent use.
type Fragment struct {
	manifest Manifest
	mux      *http.ServeMux
	assets   *assets.Folder
	link     string // the Link header of HTML responses
}

// validName is the rule of composers for names of fragments.
var validName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)

// New checks the manifest and returns its fragment. These are errors:
//
//   - a malformed name, version or pattern;
//   - a route without Handle;
//   - two patterns that match the same requests;
//   - a pattern below /assets/ in a manifest with assets;
//   - an unreadable asset, or an asset with an unknown extension;
//   - a style that is not among the assets.
func New(m Manifest) (*Fragment, error) {
	if err := CheckName(m.Name); err != nil {
		return nil, err
	}
	if _, err := semver.StrictNewVersion(m.Version); err != nil {
		return nil, fmt.Errorf("version %q of fragment %s: %w", m.Version, m.Name, err)
	}
	folder, err := loadAssets(m)
	if err != nil {
		return nil, err
	}
	f := &Fragment{manifest: m, mux: http.NewServeMux(), assets: folder}
	f.link = preloads(f.styles())
	for _, route := range m.Routes {
		if err := f.register(route); err != nil {
			return nil, fmt.Errorf("route %q of fragment %s: %w", route.Pattern, m.Name, err)
		}
	}
	return f, nil
}

// CheckName returns an error for a name that no fragment can have.
func CheckName(name string) error {
	if !validName.MatchString(name) {
		return fmt.Errorf("fragment name %q: a name has 1 to 64 small letters, digits and hyphens, and begins with no hyphen", name)
	}
	return nil
}

// Manifest returns the manifest given to New. Its slices must not be changed.
func (f *Fragment) Manifest() Manifest { return f.manifest }

// register adds a route to the mux. A panic of the mux about a pattern is returned as an
// error.
func (f *Fragment) register(route Route) (err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("%v", reason)
		}
	}()
	method, path, ok := strings.Cut(route.Pattern, " ")
	switch {
	case !ok || method == "" || !strings.HasPrefix(path, "/"):
		return errors.New("the pattern is not a method and a path")
	case f.manifest.Assets != nil && strings.HasPrefix(path, assetPath):
		return errors.New("the paths below " + assetPath + " are those of the assets")
	}
	if route.Handle == nil {
		return errors.New("there is no handler")
	}
	f.mux.HandleFunc(route.Pattern, func(w http.ResponseWriter, r *http.Request) {
		if err := route.Handle(w, r); err != nil {
			Error(w, r, err)
		}
	})
	return nil
}

// styles returns the addresses of the stylesheets of the fragment.
func (f *Fragment) styles() []string {
	urls := make([]string, len(f.manifest.Styles))
	for i, style := range f.manifest.Styles {
		urls[i] = f.URL(style)
	}
	return urls
}

// ServeHTTP serves the routes and assets of the fragment. These requests get a problem:
//
//   - an unknown path: 404;
//   - a path with empty or dot segments: 404;
//   - a method without a route at the path: 405, with Allow;
//   - a malformed form, or a form with an invalid _method: 400;
//   - a form with a body above MaxBody: 413.
//
// The path is the one within the fragment, as a composer sends it, or the one on the site,
// as URL returns it. A fragment never redirects to a cleaned path, because its requests
// usually have only a part of the path on the site.
func (f *Fragment) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r = f.within(r.WithContext(context.WithValue(r.Context(), fragmentKey{}, f)))
	if !isClean(r.URL.Path) {
		Error(w, r, notFound)
		return
	}
	if asset, ok := f.asset(r); ok {
		f.assets.ServeHTTP(w, asset)
		return
	}
	if f.takesForms(r) { // without a route for forms, the body is not read
		if err := overrideMethod(w, r); err != nil {
			Error(w, r, err)
			return
		}
	}
	handler, pattern := f.mux.Handler(r)
	if pattern != "" {
		f.mux.ServeHTTP(w, r)
		return
	}
	var refused refusal
	handler.ServeHTTP(&refused, r)
	if allow := refused.header.Get("Allow"); allow != "" {
		w.Header().Set("Allow", allow)
		Error(w, r, &Problem{Status: http.StatusMethodNotAllowed, Detail: "This address answers " + allow + "."})
		return
	}
	Error(w, r, notFound)
}

// takesForms reports whether the path of a request has a route for forms: for POST, or
// for PATCH or DELETE by overrideMethod.
func (f *Fragment) takesForms(r *http.Request) bool {
	for _, method := range []string{http.MethodPost, http.MethodPatch, http.MethodDelete} {
		form := *r
		form.Method = method
		if _, pattern := f.mux.Handler(&form); pattern != "" {
			return true
		}
	}
	return false
}

var notFound = &Problem{Status: http.StatusNotFound, Detail: "There is nothing at this address."}

func isClean(p string) bool {
	return p == "/" || path.Clean(p) == strings.TrimSuffix(p, "/")
}

// fragmentKey is the context key of the fragment that serves a request.
type fragmentKey struct{}

// links returns the Link header of the fragment that serves the request.
func links(r *http.Request) string {
	if f, ok := r.Context().Value(fragmentKey{}).(*Fragment); ok {
		return f.link
	}
	return ""
}

// preloads returns a Link header (RFC 8288 §3) that announces stylesheets.
func preloads(urls []string) string {
	values := make([]string, len(urls))
	for i, u := range urls {
		values[i] = "<" + u + ">; rel=preload; as=style"
	}
	return strings.Join(values, ", ")
}

// refusal records the header of the response of the mux to a request without a route, for
// the allowed methods.
type refusal struct{ header http.Header }

func (w *refusal) Header() http.Header {
	if w.header == nil {
		w.header = make(http.Header)
	}
	return w.header
}

func (w *refusal) Write(p []byte) (int, error) { return len(p), nil }
func (w *refusal) WriteHeader(int)             {}
