package registry

import (
	"net/url"
	"strings"

	"selvedge/composer/internal/address"
)

// Target is what a request asks for: a resource of a source.
type Target struct {
	Backend *Backend
	URI     string // path and query
}

// String returns the place as messages name it.
func (p Target) String() string {
	if p.Backend.External {
		return p.Backend.URL.String() + p.URI
	}
	return Prefix + p.Backend.Name + p.URI
}

// URL returns the address of the place, to which others are relative.
func (p Target) URL() (*url.URL, error) { return p.Backend.Locate(p.URI) }

// Redirect returns the target that a Location field means, if it is one of the
// same source. Own is the host by which visitors know the origin, which that
// writes into its Location fields.
func (p Target) Redirect(location, own string) (string, bool) {
	from, err := p.URL()
	if err != nil {
		return "", false
	}
	to, err := address.Resolve(from, location)
	same := err == nil && (address.SameOrigin(from, to) || p.Backend.IsOrigin() && IsOwnHost(to, own))
	if !same {
		return "", false
	}
	base := ""
	if p.Backend.URL != nil {
		base = strings.TrimSuffix(p.Backend.URL.EscapedPath(), "/")
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
