package registry

import (
	"net/http"
	"net/url"
	"strings"
)

// Source serves a version of a fragment. Exactly one field is set: a handler in this
// process, or a base URL. The path of a reference is appended to the base URL.
type Source struct {
	Handler http.Handler
	URL     *url.URL
}

// Locate returns the URL of a target, a path and query, at the source. A target that
// begins with // is a path, and names no host. Without a base URL the result is
// relative.
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
