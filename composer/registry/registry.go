package registry

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/Masterminds/semver/v3"
)

// Registry has fragments by name, with their versions and sources, and mounts by prefix. It is
// safe for concurrent use.
type Registry struct {
	mu        sync.RWMutex
	fragments map[string][]*Backend // the newest version first
	mounts    map[string]*Backend   // by prefix
	watchers  map[*func(name string)]struct{}
	changes   atomic.Uint64
	cookies   atomic.Bool // a source had Source.Cookies
}

// New returns an empty registry.
func New() *Registry {
	return &Registry{
		fragments: make(map[string][]*Backend), mounts: make(map[string]*Backend), watchers: make(map[*func(name string)]struct{}),
	}
}

// Add registers a source for a version of a fragment, in place of the previous source
// of the version. An empty version is unknown: the source serves references without a
// constraint. Adding a URL again moves it to the new version. Open pages with the
// fragment are sent its views from the source, because each composer of the registry
// invalidates a group with all views of the fragment (Options.Invalidated).
//
// The error describes an invalid name, version, source or setting.
func (r *Registry) Add(name, version string, s Source) error {
	return r.add(name, version, s, func(other, entry *Backend) bool {
		return sameURL(other.Source, entry.Source) || other.versionText() == entry.versionText()
	})
}

// Set is Add in place of all versions of the fragment, in one step: at no time is there no
// source of the fragment.
func (r *Registry) Set(name, version string, s Source) error {
	return r.add(name, version, s, func(_, _ *Backend) bool { return true })
}

// add adds a source in place of the backends that isReplaced reports.
func (r *Registry) add(name, version string, s Source, isReplaced func(other, entry *Backend) bool) error {
	if !validName(name) {
		return fmt.Errorf("fragment %q: a name has 1 to 64 small letters, digits and hyphens, and begins with no hyphen", name)
	}
	s, err := s.checked()
	if err != nil {
		return fmt.Errorf("fragment %s: %w", name, err)
	}
	entry := newBackend(name, s)
	if version != "" {
		v, err := semver.StrictNewVersion(version)
		if err != nil {
			return fmt.Errorf("fragment %s: %q is no semantic version", name, version)
		}
		entry.version = v
	}
	for _, changed := range r.replaceSource(name, entry, isReplaced) {
		(*changed)(name)
	}
	return nil
}

// replaceSource adds a backend in place of others, and returns the watchers to call.
func (r *Registry) replaceSource(name string, entry *Backend, isReplaced func(other, entry *Backend) bool) []*func(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.changes.Add(1)
	if entry.Cookies != nil {
		r.cookies.Store(true)
	}
	rest := slices.DeleteFunc(slices.Clone(r.fragments[name]), func(other *Backend) bool { return isReplaced(other, entry) })
	all := append(rest, entry)
	slices.SortStableFunc(all, newestFirst)
	r.fragments[name] = all
	return slices.Collect(maps.Keys(r.watchers))
}

// Remove removes all versions of a fragment. References to the fragment fail from then on,
// as do its views on open pages. Remove does nothing without a fragment of the name.
func (r *Registry) Remove(name string) {
	for _, changed := range r.removeSources(name) {
		(*changed)(name)
	}
}

// removeSources removes the backends of a fragment, and returns the watchers to call.
func (r *Registry) removeSources(name string) []*func(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.fragments[name]) == 0 {
		return nil
	}
	r.changes.Add(1)
	delete(r.fragments, name)
	return slices.Collect(maps.Keys(r.watchers))
}

// HasOwnCookies reports whether any source has had Source.Cookies.
func (r *Registry) HasOwnCookies() bool { return r.cookies.Load() }

// CookieNames returns the names in Source.Cookies of all sources.
func (r *Registry) CookieNames() []string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var names []string
	for _, all := range r.fragments {
		for _, entry := range all {
			names = append(names, entry.Cookies...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Watch registers a function that Add, Set and Remove call with the name of the fragment,
// until stop is called. They return after the function.
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

// Resolve returns the source of the newest version that a reference allows. The error
// is a *VersionError.
func (r *Registry) Resolve(ref Reference) (Source, error) {
	entry, err := r.Lookup(ref)
	if err != nil {
		return Source{}, err
	}
	return entry.Source, nil
}

// Lookup returns the backend of the newest version that a reference allows. The error
// is a *VersionError.
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

// has reports whether there is a fragment with the name.
func (r *Registry) has(name string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.fragments[name]) > 0
}

// Generation returns a number that increases with each change of the registry.
func (r *Registry) Generation() uint64 { return r.changes.Load() }

// Entry is a fragment in the list of a Registry.
type Entry struct {
	Name     string   `json:"name"`
	Versions []string `json:"versions"` // newest first; "unknown" for a source without a version
}

// List returns all fragments, sorted by name.
func (r *Registry) List() []Entry {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var list []Entry
	for _, name := range slices.Sorted(maps.Keys(r.fragments)) {
		list = append(list, Entry{name, versions(r.fragments[name])})
	}
	return list
}

// VersionError is the error of a reference that no version of a fragment satisfies.
type VersionError struct {
	Name       string
	Constraint string   // as requested; empty: any version
	Versions   []string // existing versions, newest first; empty: no such fragment
}

func (e *VersionError) Error() string {
	if len(e.Versions) == 0 {
		return fmt.Sprintf("there is no fragment %q", e.Name)
	}
	return fmt.Sprintf("no version of %s fits %s; there is %s", e.Name, e.Constraint, strings.Join(e.Versions, ", "))
}

func sameURL(a, b Source) bool {
	return a.URL != nil && b.URL != nil && a.URL.String() == b.URL.String()
}

// newestFirst orders versions. An unknown version comes first, because its source was
// configured for this process.
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

func versions(all []*Backend) []string {
	var list []string
	for _, entry := range all {
		list = append(list, entry.versionText())
	}
	return list
}
