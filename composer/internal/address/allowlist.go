package address

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// AllowList are the places that includes may reach besides the sources that an
// operator named. There are none in the zero value.
type AllowList struct {
	list     []allowedHost
	networks []netip.Prefix // that the names on the list may lead to
}

// allowedHost is one of them.
type allowedHost struct {
	scheme string // empty: http and https
	host   string // in lower case; an IPv6 address without brackets
	port   string // empty: any
	below  bool   // it is the names that end in .host, not host
}

// NewAllowList reads an allow list. Its entries are
//
//	example.com            every port of this host, by http and https
//	example.com:8443       this port
//	https://example.com    this scheme and port, here 443
//	*.example.com          every name below it, but not itself
//	10.0.0.5, [fd00::1]    this address, private or not
//	localhost              the loopback addresses, by this name
//	10.0.0.0/8             no host: names on the list may lead there
//
// A host without a port opens all its ports to who writes templates, so that a
// port is worth naming where other things listen on the host. A name that
// leads to an address of a private network is dialed only if the network is on
// the list, since it is not the operator but the owner of the name who says
// where it leads.
func NewAllowList(entries []string) (*AllowList, error) {
	h := &AllowList{}
	for _, entry := range entries {
		if network, err := netip.ParsePrefix(entry); err == nil {
			h.networks = append(h.networks, network.Masked())
			continue
		}
		allowed, ok := parseAllowed(entry)
		if !ok {
			return nil, fmt.Errorf("%q is no host that can be allowed, such as example.com, example.com:8443, https://example.com, *.example.com, 10.0.0.5 or the network 10.0.0.0/8", entry)
		}
		h.list = append(h.list, allowed)
	}
	return h, nil
}

func parseAllowed(entry string) (allowed allowedHost, ok bool) {
	scheme, rest, whole := strings.Cut(entry, "://")
	if !whole {
		scheme, rest = "http", entry
	}
	rest, allowed.below = strings.CutPrefix(rest, "*.")
	if strings.Count(rest, ":") > 1 && !strings.HasPrefix(rest, "[") {
		rest = "[" + rest + "]"
	}
	u, err := url.Parse(scheme + "://" + rest)
	if err != nil || !IsBase(u) || strings.Trim(u.Path, "/") != "" || u.ForceQuery {
		return allowedHost{}, false
	}
	allowed.host, allowed.port, ok = Authority(u)
	if whole {
		allowed.scheme = u.Scheme
	} else {
		allowed.port = u.Port()
	}
	return allowed, ok && (!allowed.below || isName(allowed.host))
}

// Allows reports whether an include may ask for a URL. Whatever the list has,
// it refuses hosts that are not plain names or addresses; see authority.
func (h *AllowList) Allows(u *url.URL) bool {
	if u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.Opaque != "" {
		return false
	}
	host, port, ok := Authority(u)
	return ok && slices.ContainsFunc(h.list, func(a allowedHost) bool {
		return (a.scheme == "" || a.scheme == u.Scheme) && a.is(host, port)
	})
}

// is reports whether a host and port are meant, by whatever scheme.
func (a allowedHost) is(host, port string) bool {
	if a.port != "" && a.port != port {
		return false
	}
	if a.below {
		return strings.HasSuffix(host, "."+a.host) && isName(host)
	}
	return host == a.host
}

// SameOrigin reports whether two URLs have the same scheme, host and port
// (RFC 6454 §5).
func SameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && portOf(a) == portOf(b)
}

func portOf(u *url.URL) string {
	if port := u.Port(); port != "" {
		return port
	}
	return defaultPort(u.Scheme)
}
