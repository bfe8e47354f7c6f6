package fragments

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"regexp"
	"strings"

	"github.com/Masterminds/semver/v3"

	"selvedge/static"
)

// Manifest says what a fragment is and where it answers.
type Manifest struct {
	Name    string // 1 to 64 small letters, digits and hyphens, with no hyphen first; part of URLs
	Version string // a semantic version without "v"
	Title   string // what it shows, in a few words

	// Styles names stylesheets of package static, such as "cart.css". Every
	// HTML answer announces them with a Link header, and the page around it
	// loads them. A name that is not in package static is a panic of New.
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
	link     string // the Link header of its HTML answers
}

// validName is the rule of composers for names of fragments.
var validName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)

// New checks the manifest and returns its fragment. A name, version or pattern
// that does not parse, a route without Handle, and two patterns that match the
// same requests are errors.
func New(m Manifest) (*Fragment, error) {
	if !validName.MatchString(m.Name) {
		return nil, fmt.Errorf("fragment name %q: a name has 1 to 64 small letters, digits and hyphens, and begins with no hyphen", m.Name)
	}
	if _, err := semver.StrictNewVersion(m.Version); err != nil {
		return nil, fmt.Errorf("version %q of fragment %s: %w", m.Version, m.Name, err)
	}
	f := &Fragment{manifest: m, mux: http.NewServeMux(), link: styleLinks(m.Styles)}
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
	if method, rest, ok := strings.Cut(route.Pattern, " "); !ok || method == "" || !strings.HasPrefix(rest, "/") {
		return errors.New("the pattern is not a method and a path")
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

// ServeHTTP answers a request for one of the fragment's routes. Paths and
// methods that it does not have are problems too, and so is a path with empty
// or dot segments: a fragment never redirects to a tidier one, because it does
// not know the name that a page calls it by.
func (f *Fragment) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r = r.WithContext(context.WithValue(r.Context(), fragmentKey{}, f))
	if !isClean(r.URL.Path) {
		Error(w, r, notFound)
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

// styleLinks returns a Link header (RFC 8288 §3) that announces stylesheets.
func styleLinks(names []string) string {
	values := make([]string, len(names))
	for i, name := range names {
		values[i] = "<" + static.URL(name) + ">; rel=preload; as=style"
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
