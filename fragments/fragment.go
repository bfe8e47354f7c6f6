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

// Manifest says what a fragment is and where it answers.
type Manifest struct {
	Name    string // 1 to 64 small letters, digits and hyphens, with no hyphen first; part of URLs
	Version string // a semantic version without "v"
	Title   string // what it shows, in a few words

	// Assets are the stylesheets, scripts, pictures and fonts of the fragment,
	// usually an embed.FS. They are served at /fragments/NAME/assets/ under names
	// with their hashes (see package assets), and [URL] returns their addresses.
	// New reads all of them. Default: none.
	Assets fs.FS

	// Styles names the stylesheets among the assets that every HTML answer needs,
	// such as "clock.css". The answer announces them with a Link header, and the
	// page around it loads them.
	Styles []string

	Routes []Route
}

// Route is one path of a fragment.
type Route struct {
	// Pattern is a pattern of net/http.ServeMux with a method, such as
	// "GET /mini". GET answers HEAD too.
	Pattern string
	Title   string // what it is, for the index of the standalone page
	Sample  string // a path with sample data, such as "/products/1"; empty: not in the index

	// Handle answers the request or returns an error, which goes to Error. It
	// must not do both.
	Handle func(http.ResponseWriter, *http.Request) error
}

// Fragment serves a Manifest. It is safe for concurrent use.
type Fragment struct {
	manifest Manifest
	mux      *http.ServeMux
	assets   *assets.Folder
	link     string // the Link header of its HTML answers
}

// validName is the rule of composers for names of fragments.
var validName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)

// New checks the manifest and returns its fragment. These are errors:
//
//   - a name, version or pattern that does not parse;
//   - a route without Handle;
//   - two patterns that match the same requests, or a path of the assets;
//   - an asset that cannot be read, or whose extension is not known;
//   - a style that is not among the assets.
func New(m Manifest) (*Fragment, error) {
	if !validName.MatchString(m.Name) {
		return nil, fmt.Errorf("fragment name %q: a name has 1 to 64 small letters, digits and hyphens, and begins with no hyphen", m.Name)
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

// Manifest returns what the fragment was made from. Its slices must not be
// changed.
func (f *Fragment) Manifest() Manifest { return f.manifest }

// register adds a route to the mux, which panics on a pattern that it does
// not take.
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

// styles returns the addresses of the fragment's stylesheets.
func (f *Fragment) styles() []string {
	urls := make([]string, len(f.manifest.Styles))
	for i, style := range f.manifest.Styles {
		urls[i] = f.URL(style)
	}
	return urls
}

// ServeHTTP answers a request for one of the fragment's routes or assets. Paths and
// methods that it does not have are problems too, and so is a path with empty
// or dot segments: a fragment never redirects to a tidier one, because it does
// not know the name that a page calls it by.
func (f *Fragment) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r = r.WithContext(context.WithValue(r.Context(), fragmentKey{}, f))
	if !isClean(r.URL.Path) {
		Error(w, r, notFound)
		return
	}
	if asset, ok := f.asset(r); ok {
		f.assets.ServeHTTP(w, asset)
		return
	}
	if f.takesForms(r) { // or the body would be waited for although nothing reads it
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

// takesForms reports whether a route answers forms that are sent to the path of a
// request, also as another method (see overrideMethod).
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

// fragmentKey finds the fragment that serves a request in its context.
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

// refusal receives what the mux answers where no route matches, for the
// methods that it allows.
type refusal struct{ header http.Header }

func (w *refusal) Header() http.Header {
	if w.header == nil {
		w.header = make(http.Header)
	}
	return w.header
}

func (w *refusal) Write(p []byte) (int, error) { return len(p), nil }
func (w *refusal) WriteHeader(int)             {}
