package address

import (
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// Authority returns the host and port of a URL. An IPv6 address is without brackets; a
// missing port is the default port of the scheme. It is not ok unless the host is a
// name of ASCII letters, digits and hyphens, or an IP address in canonical form:
// 0x7f.1, 2130706433 and 127.1 are 127.0.0.1 for some resolvers, as are full-width
// digits after a mapping by IDNA.
func Authority(u *url.URL) (host, port string, ok bool) {
	host, port = u.Hostname(), u.Port()
	for i := range len(u.Host) {
		if c := u.Host[i]; c <= ' ' || c >= 0x7f {
			return "", "", false
		}
	}
	host = strings.ToLower(host)
	if port == "" {
		port = defaultPort(u.Scheme)
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 || port != strconv.FormatUint(n, 10) {
		return "", "", false
	}
	if strings.HasPrefix(u.Host, "[") {
		return host, port, isPlainIPv6(host)
	}
	return host, port, isPlainIPv4(host) || isName(host)
}

// JoinHost returns the host of a URL in normal form.
func JoinHost(scheme, host, port string) string {
	if port != defaultPort(scheme) {
		return net.JoinHostPort(host, port)
	}
	if strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}

func defaultPort(scheme string) string {
	if scheme == "https" {
		return "443"
	}
	return "80"
}

// SameOrigin reports whether two URLs have the same scheme, host and port (RFC 6454
// §5).
func SameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && portOf(a) == portOf(b)
}

func portOf(u *url.URL) string {
	if port := u.Port(); port != "" {
		return port
	}
	return defaultPort(u.Scheme)
}

func isPlainIPv4(host string) bool {
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Is4()
}

// isPlainIPv6 reports whether a host is an IPv6 address in the form of RFC 5952,
// without a zone, and not the translation of an IPv4 address.
func isPlainIPv6(host string) bool {
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Is6() && addr.Zone() == "" && addr.String() == host && !translates(addr)
}

// isName reports whether a host in lower case is a name by RFC 1123 §2.1 that no
// resolver reads as an IPv4 address: its last label begins with a letter.
func isName(host string) bool {
	if len(host) > 253 {
		return false
	}
	last := ""
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			c := label[i]
			if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
				return false
			}
		}
		last = label
	}
	return last[0] < '0' || last[0] > '9'
}

// IsBase reports whether u is an http or https URL to which a path can be appended: with a
// host, and without a user, query and fragment.
func IsBase(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil && u.RawQuery == "" && u.Fragment == ""
}
