package composer

import (
	"html"
	"net/http"
	"slices"
	"sync"

	"selvedge/composer/internal/header"
)

// stylesVariable stands, in a page's head, for the stylesheets of all
// fragments of the page.
const stylesVariable = "SELVEDGE_STYLES"

// styles remembers which stylesheets each fragment announced in its last
// answer, so that the head of a page can name them before its fragments have
// answered again.
type styles struct {
	mu     sync.RWMutex
	byName map[string]announced
}

type announced struct {
	paths  []string
	remote bool // by another process
}

func newStyles() *styles { return &styles{byName: make(map[string]announced)} }

// learn returns the stylesheets that an answer announces, and remembers them.
func (s *styles) learn(name string, remote bool, h http.Header) []string {
	if len(h.Values("Link")) == 0 {
		return nil
	}
	paths := header.Stylesheets(h)
	paths = paths[:min(len(paths), header.MaxAnnounced)]
	s.mu.RLock()
	known := slices.Equal(s.byName[name].paths, paths) && s.byName[name].remote == remote
	s.mu.RUnlock()
	if !known {
		s.mu.Lock()
		s.byName[name] = announced{paths, remote}
		s.mu.Unlock()
	}
	return paths
}

func (s *styles) of(name string) []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.byName[name].paths
}

// remote returns the fragment that announced a stylesheet from another
// process.
func (s *styles) remote(path string) (name string, ok bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for name, a := range s.byName {
		if a.remote && slices.Contains(a.paths, path) {
			return name, true
		}
	}
	return "", false
}

// Assets serves the stylesheets that fragments of other processes announced,
// each from the process that announced it, and leaves all else to next. A
// team can so deploy a fragment and its styles without anybody else.
func (c *Composer) Assets(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, ok := c.styles.remote(r.URL.RequestURI())
		if !ok {
			next.ServeHTTP(w, r)
			return
		}
		c.Forward(name).ServeHTTP(w, r)
	})
}

// sheet is what a page has told its browser of stylesheets: each once.
type sheet struct {
	linked map[string]bool
}

// link writes link elements for the paths that have none. They are allowed in
// a body too, where they hold up only what follows them.
func (s *sheet) link(out *output, paths []string) error {
	for _, path := range paths {
		if s.linked[path] {
			continue
		}
		if s.linked == nil {
			s.linked = make(map[string]bool)
		}
		s.linked[path] = true
		if err := out.fixed(`<link rel="stylesheet" href="` + html.EscapeString(path) + `">`); err != nil {
			return err
		}
	}
	return nil
}
