package address

import (
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
		if c := host[i]; 'A' <= c && c <= 'Z' || c == ':' || c >= 0x80 {
			return false
		}
	}
	return !strings.HasSuffix(host, ".")
}
