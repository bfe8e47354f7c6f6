package registry

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/Masterminds/semver/v3"

	"selvedge/composer/internal/address"
	"selvedge/composer/internal/breaker"
)

// Source is where one version of a fragment is served: either a handler in
// this process or a base URL, to which the path of a reference is appended.
type Source struct {
	Handler http.Handler
	URL     *url.URL
}

// Locate returns the URL of what the source is asked for. A target that begins
// with // is a path here, and names no host.
func (s Source) Locate(target string) (*url.URL, error) {
	if !strings.HasPrefix(target, "/") {
		target = "/" + target
	}
	u, err := url.ParseRequestURI(target)
	if err != nil || s.URL == nil {
		return u, err
	}
	u.Scheme, u.Host = s.URL.Scheme, s.URL.Host
	if base := strings.TrimSuffix(s.URL.Path, "/"); base != "" {
		u.RawPath = strings.TrimSuffix(s.URL.EscapedPath(), "/") + u.EscapedPath()
		u.Path = base + u.Path
	}
	return u, nil
}

// Registry knows the fragments: by name, their versions and sources. It is
// safe for concurrent use.
type Registry struct {
	mu        sync.RWMutex
	fragments map[string][]*Backend // by version, newest first
	watchers  map[*func(name string)]struct{}
	added     atomic.Uint64 // how many sources were added
}

// Backend is a Source under which answers are kept and failures counted. It is
// immutable but for its guard.
type Backend struct {
	Source
	Name    string          // of the fragment, or the host
	version *semver.Version // nil: not known
	// External says that it serves no fragment; guarded that it is one of the
	// allowed hosts, whose names others control.
	External, Guarded bool

	guard       atomic.Pointer[breaker.Guard] // nil: there was no request
	warnedOptIn atomic.Bool
}

// Guard returns the guard of the source, nil before setGuard.
func (s *Backend) Guard() *breaker.Guard { return s.guard.Load() }

// SetGuard sets the guard of the source, unless it has one, and returns that which
// it has.
func (s *Backend) SetGuard(g *breaker.Guard) *breaker.Guard {
	s.guard.CompareAndSwap(nil, g)
	return s.guard.Load()
}

// WarnOnce reports whether it is called for the first time.
func (s *Backend) WarnOnce() bool { return s.warnedOptIn.CompareAndSwap(false, true) }

// IsOrigin reports whether the source is Options.Origin.
func (s *Backend) IsOrigin() bool { return s.External && !s.Guarded }

func newSource(name string, s Source) *Backend {
	return &Backend{Source: s, Name: name}
}

// Entry is one fragment of a Registry.
type Entry struct {
	Name     string   `json:"name"`
	Versions []string `json:"versions"` // newest first; "unknown" for a source that gave none
}

// VersionError says that no version of a fragment fits a reference.
type VersionError struct {
	Name       string
	Constraint string   // as it was asked for; empty if any version would do
	Versions   []string // that exist, newest first; empty if there is no such fragment
}

func (e *VersionError) Error() string {
	if len(e.Versions) == 0 {
		return fmt.Sprintf("there is no fragment %q", e.Name)
	}
	return fmt.Sprintf("no version of %s fits %s; there is %s", e.Name, e.Constraint, strings.Join(e.Versions, ", "))
}

// New returns an empty registry.
func New() *Registry {
	return &Registry{fragments: make(map[string][]*Backend), watchers: make(map[*func(name string)]struct{})}
}

// Add registers a source for a version of a fragment, in place of what was
// registered for that version. An empty version says that it is not known: the
// source then serves references without a constraint. Adding the same URL
// again moves it to the version that became known. Open pages that show the
// fragment are sent what the sources make of it from then on: each composer of
// the registry tells Options.Invalidated of a group that all of the fragment's
// views are in.
func (r *Registry) Add(name, version string, s Source) error {
	if !validName(name) {
		return fmt.Errorf("fragment %q: a name has 1 to 64 small letters, digits and hyphens, and begins with no hyphen", name)
	}
	if (s.Handler == nil) == (s.URL == nil) {
		return fmt.Errorf("fragment %s: a source is a handler or a URL", name)
	}
	if s.URL != nil && !address.IsBase(s.URL) {
		return fmt.Errorf("fragment %s: %q is no http or https URL to which a path can be appended", name, s.URL.Redacted())
	}
	entry := newSource(name, s)
	if version != "" {
		v, err := semver.StrictNewVersion(version)
		if err != nil {
			return fmt.Errorf("fragment %s: %q is no semantic version", name, version)
		}
		entry.version = v
	}
	for _, changed := range r.add(name, entry) {
		(*changed)(name)
	}
	return nil
}

// add returns the watchers to call.
func (r *Registry) add(name string, entry *Backend) []*func(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.added.Add(1)
	rest := slices.DeleteFunc(slices.Clone(r.fragments[name]), func(other *Backend) bool {
		return sameURL(other.Source, entry.Source) || other.versionText() == entry.versionText()
	})
	all := append(rest, entry)
	slices.SortStableFunc(all, newestFirst)
	r.fragments[name] = all
	return slices.Collect(maps.Keys(r.watchers))
}

// Watch has changed called with the name of a fragment after each source that is
// added, until stop is called. Add returns after changed does.
func (r *Registry) Watch(changed func(name string)) (stop func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.watchers[&changed] = struct{}{}
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.watchers, &changed)
	}
}

func sameURL(a, b Source) bool {
	return a.URL != nil && b.URL != nil && a.URL.String() == b.URL.String()
}

// Resolve returns the source of the newest version that a reference allows.
// The error is a *VersionError.
func (r *Registry) Resolve(ref Reference) (Source, error) {
	entry, err := r.Lookup(ref)
	if err != nil {
		return Source{}, err
	}
	return entry.Source, nil
}

// Generation changes whenever a source is added.
func (r *Registry) Generation() uint64 { return r.added.Load() }

// has reports whether there is a fragment of that name.
func (r *Registry) has(name string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.fragments[name]) > 0
}

func (r *Registry) Lookup(ref Reference) (*Backend, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	all := r.fragments[ref.Name]
	for _, entry := range all {
		if ref.Constraint == nil || entry.version != nil && ref.Constraint.Check(entry.version) {
			return entry, nil
		}
	}
	err := &VersionError{Name: ref.Name, Versions: versions(all)}
	if ref.Constraint != nil {
		err.Constraint = ref.Constraint.String()
	}
	return nil, err
}

// List returns all fragments by name.
func (r *Registry) List() []Entry {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var list []Entry
	for _, name := range slices.Sorted(maps.Keys(r.fragments)) {
		list = append(list, Entry{name, versions(r.fragments[name])})
	}
	return list
}

func versions(all []*Backend) []string {
	var list []string
	for _, entry := range all {
		list = append(list, entry.versionText())
	}
	return list
}

func (e *Backend) versionText() string {
	if e.version == nil {
		return "unknown"
	}
	return e.version.String()
}

// newestFirst orders versions; an unknown one comes before all others, since
// it was configured for this very process.
func newestFirst(a, b *Backend) int {
	switch {
	case a.version == nil && b.version == nil:
		return 0
	case a.version == nil:
		return -1
	case b.version == nil:
		return 1
	}
	return b.version.Compare(a.version)
}
