package address

import (
	"net/http"
	"strings"
)

// NormalHost returns a host in normal form (RFC 3986 §6.2.2.1 and §6.2.3): in lower
// case, without the root dot at the end of a name, and without the default port of the
// scheme.
func NormalHost(host, scheme string) string {
	if isNormalName(host) {
		return host
	}
	name, port := host, ""
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
		name, port = host[:i], host[i+1:]
	}
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if port == "" || port == defaultPort(scheme) {
		return name
	}
	if len(name)+1+len(port) == len(host) && strings.HasPrefix(host, name) {
		return host
	}
	return name + ":" + port
}

// isNormalName reports whether a host is in normal form and without a port, as most
// hosts are.
func isNormalName(host string) bool {
	for i := range len(host) {
		switch c := host[i]; {
		case 'a' <= c && c <= 'z': // first, because most bytes of a host are letters
		case 'A' <= c && c <= 'Z', c == ':', c >= 0x80:
			return false
		}
	}
	return !strings.HasSuffix(host, ".")
}

// WithNormalHost returns a request whose Host is in its normal form, so that all who name
// a site in one way or another share its stored responses, and an invalidation drops them.
// It also keeps the client's spelling from a source, whose response may show it to others.
func WithNormalHost(r *http.Request, scheme string) *http.Request {
	host := NormalHost(r.Host, scheme)
	if host == r.Host {
		return r
	}
	normal := r.WithContext(r.Context())
	normal.Host = host
	return normal
}
