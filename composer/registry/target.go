package registry

import (
	"net/url"
	"strings"

	"selvedge/composer/internal/address"
)

// Target is a resource of a source.
type Target struct {
	Backend *Backend
	URI     string // path and query
}

// String returns the target's address for messages.
func (t Target) String() string {
	switch {
	case t.Backend.External:
		return t.Backend.URL.String() + t.URI
	case t.Backend.isMount:
		return strings.TrimSuffix(t.Backend.Name, "/") + t.URI
	}
	return Prefix + t.Backend.Name + t.URI
}

// URL returns the target's URL, the base of relative addresses in its response.
func (t Target) URL() (*url.URL, error) { return t.Backend.Locate(t.URI) }

// Redirect returns the path and query of a Location field. It reports false for a
// location at another source. ownHost is the host by which visitors know the origin,
// because the origin uses it in its Location fields.
func (t Target) Redirect(location, ownHost string) (string, bool) {
	from, err := t.URL()
	if err != nil {
		return "", false
	}
	to, err := address.Resolve(from, location)
	same := err == nil && (address.SameOrigin(from, to) || t.Backend.IsOrigin() && IsOwnHost(to, ownHost))
	if !same {
		return "", false
	}
	base := ""
	if t.Backend.URL != nil {
		base = strings.TrimSuffix(t.Backend.URL.EscapedPath(), "/")
	}
	path, ok := strings.CutPrefix(to.EscapedPath(), base)
	if !ok || !strings.HasPrefix(path, "/") {
		return "", false
	}
	if to.RawQuery != "" {
		path += "?" + address.EscapeQuery(to.RawQuery)
	}
	return path, true
}
