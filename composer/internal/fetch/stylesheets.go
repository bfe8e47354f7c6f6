package fetch

import (
	"net/http"
	"slices"
	"sync"

	"selvedge/composer/internal/header"
	"selvedge/composer/registry"
)

// Stylesheets remembers the stylesheets in the last response of each fragment, so that
// the head of a page can link them before its fragments have answered. The zero value is
// empty. It is safe for concurrent use.
type Stylesheets struct {
	mu     sync.RWMutex
	byName map[string]announced
}

type announced struct {
	paths    []string
	isRemote bool // by a different process
}

// learn returns the stylesheets announced by a response of a source, and remembers those of
// a fragment. A mount has no stylesheets of its own, because its addresses have nothing in
// common.
func (s *Stylesheets) learn(source *registry.Backend, h http.Header) []string {
	name, isRemote := source.Name, source.URL != nil
	paths := header.Stylesheets(h)
	paths = paths[:min(len(paths), header.MaxAnnounced)]
	if source.IsMount() {
		return paths
	}
	s.mu.RLock()
	known := slices.Equal(s.byName[name].paths, paths) && s.byName[name].isRemote == isRemote
	s.mu.RUnlock()
	if !known {
		s.mu.Lock()
		if s.byName == nil {
			s.byName = make(map[string]announced)
		}
		s.byName[name] = announced{paths, isRemote}
		s.mu.Unlock()
	}
	return paths
}

// Forget removes the stylesheets of a fragment.
func (s *Stylesheets) Forget(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.byName, name)
}

// Of returns the stylesheets of a fragment.
func (s *Stylesheets) Of(name string) []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.byName[name].paths
}

// Remote returns the fragment of a different process that announced a stylesheet.
func (s *Stylesheets) Remote(path string) (name string, ok bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for name, a := range s.byName {
		if a.isRemote && slices.Contains(a.paths, path) {
			return name, true
		}
	}
	return "", false
}
