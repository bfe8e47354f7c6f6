package config

import (
	"fmt"
	"net/http"
	"strings"

	"selvedge/composer/registry"
)

// RoutePattern returns the pattern of net/http.ServeMux for a path of the file. A path that
// ends with a slash is this path alone, and not all paths below.
func RoutePattern(path string) string {
	if strings.HasSuffix(path, "/") {
		return path + "{$}"
	}
	return path
}

// APIPattern returns the path with wildcards for a path of REST: /api/comments/* is all
// paths below /api/comments/.
func APIPattern(path string) string {
	if rest, ok := strings.CutSuffix(path, "/*"); ok {
		return rest + "/{path...}"
	}
	return path
}

// routeChecker finds paths that two pages have. The zero value has no paths.
type routeChecker struct {
	all             http.ServeMux
	names, patterns []string
}

// add adds a path. The error describes a path that is none, that the site has for itself,
// or that another page has too.
func (k *routeChecker) add(name, method, path string) error {
	switch {
	case !strings.HasPrefix(path, "/"):
		return fmt.Errorf("%q is no path: a path begins with a slash, as in /blog/{slug}", path)
	case strings.HasPrefix(path, "/-/") || path == "/-":
		return fmt.Errorf("%q: paths below /-/ are the server's own", path)
	case strings.HasPrefix(path, registry.Prefix):
		return fmt.Errorf("%q: paths below %s are those of fragments", path, registry.Prefix)
	case strings.ContainsAny(path, " \t?#"):
		return fmt.Errorf("%q is no path, as in /blog/{slug}", path)
	}
	pattern := method + RoutePattern(path)
	if err := handle(http.NewServeMux(), pattern); err != nil {
		return fmt.Errorf("%q is no pattern of net/http.ServeMux, as in /blog/{slug} or /docs/{path...}", path)
	}
	if handle(&k.all, pattern) != nil {
		return fmt.Errorf("%s and %s have paths in common, and neither is the more specific", name, k.rival(pattern))
	}
	k.names, k.patterns = append(k.names, name), append(k.patterns, pattern)
	return nil
}

// rival returns the name of the path with which a pattern conflicts.
func (k *routeChecker) rival(pattern string) string {
	for i, other := range k.patterns {
		pair := http.NewServeMux()
		pair.Handle(other, http.NotFoundHandler())
		if handle(pair, pattern) != nil {
			return k.names[i]
		}
	}
	return "another path"
}

// handle registers a pattern, and returns the panic of net/http.ServeMux as an error.
func handle(mux *http.ServeMux, pattern string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	mux.Handle(pattern, http.NotFoundHandler())
	return nil
}
