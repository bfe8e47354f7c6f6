package address

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// AllowList has the hosts that includes may request in addition to the configured
// sources. The zero value allows none. It is safe for concurrent use.
type AllowList struct {
	hosts    []allowedHost
	networks []netip.Prefix // private networks to which allowed names may resolve
}

// allowedHost is an entry of an AllowList.
type allowedHost struct {
	scheme string // empty: http and https
	host   string // in lower case; an IPv6 address without brackets
	port   string // empty: any
	below  bool   // the names that end in .host, without host itself
}

// NewAllowList parses the entries of an allow list. The error names the first invalid
// entry. The entries are
//
//	example.com            every port of this host, by http and https
//	example.com:8443       this port
//	https://example.com    this scheme and port, here 443
//	*.example.com          every name below it, but not itself
//	10.0.0.5, [fd00::1]    this address, private or not
//	localhost              the loopback addresses, by this name
//	10.0.0.0/8             no host: names on the list may lead there
//
// A host without a port opens all its ports to the authors of templates, so an entry
// should name the port if other services listen on the host. A name with a private
// address is dialed only if the network is on the list, because the address is chosen
// by the owner of the name and not by the operator (DNS rebinding).
func NewAllowList(entries []string) (*AllowList, error) {
	l := &AllowList{}
	for _, entry := range entries {
		if network, err := netip.ParsePrefix(entry); err == nil {
			l.networks = append(l.networks, network.Masked())
			continue
		}
		allowed, ok := parseAllowed(entry)
		if !ok {
			return nil, fmt.Errorf("%q is no host that can be allowed, such as example.com, example.com:8443, https://example.com, *.example.com, 10.0.0.5 or the network 10.0.0.0/8", entry)
		}
		l.hosts = append(l.hosts, allowed)
	}
	return l, nil
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

// Allows reports whether an include may request a URL. It refuses every host without a
// plain name or address, even if listed; see Authority.
func (l *AllowList) Allows(u *url.URL) bool {
	if u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.Opaque != "" {
		return false
	}
	host, port, ok := Authority(u)
	return ok && slices.ContainsFunc(l.hosts, func(a allowedHost) bool {
		return (a.scheme == "" || a.scheme == u.Scheme) && a.is(host, port)
	})
}

// is reports whether an entry includes a host and port, for any scheme.
func (a allowedHost) is(host, port string) bool {
	if a.port != "" && a.port != port {
		return false
	}
	if a.below {
		return strings.HasSuffix(host, "."+a.host) && isName(host)
	}
	return host == a.host
}
