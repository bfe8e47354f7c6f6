package address

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// Error says why an include may not ask for an address. It is a failed
// include, like a fragment that does not answer.
type Error struct {
	Address string // as it was asked for, without a password and not too long
	Reason  string
}

func (e *Error) Error() string {
	return fmt.Sprintf("%q is no address that an include may have: %s", e.Address, e.Reason)
}

// maxAddress bounds the length of an address in bytes, as it was written and
// as it is sent. Variables can make one long.
const maxAddress = 8 << 10

// Resolve returns where an include points once its variables are
// expanded, in a document from base (RFC 3986 §5). base is nil if a document
// comes from nowhere; then only a whole URL will do. The host is in lower case
// and without a default port, and the fragment is gone. What a browser, a
// proxy and a server could read in different ways is refused instead of
// repaired, for the check of the one would not be the request of the other.
// The error is an *Error. Whether the host may be asked is for
// hosts.allows to say.
func Resolve(base *url.URL, address string) (*url.URL, error) {
	text, _, _ := strings.Cut(strings.Trim(address, " "), "#")
	refuse := func(reason string) (*url.URL, error) {
		return nil, &Error{redact(address), reason}
	}
	path, query, asks := strings.Cut(text, "?")
	switch {
	case len(text) > maxAddress:
		return refuse(fmt.Sprintf("it is longer than %d bytes", maxAddress))
	case text == "":
		return refuse("it is empty")
	case HasControl(text):
		return refuse("it has a control character")
	case strings.Contains(path, `\`):
		return refuse(`it has a \, which some read as /`)
	}
	ref, err := url.Parse(EscapeIllegal(path))
	if err != nil {
		return refuse("it is no URL")
	}
	ref.RawQuery, ref.ForceQuery = EscapeIllegal(query), asks && query == ""
	if ref.User != nil {
		return refuse("it has a user's name before its host")
	}
	if reason := checkPath(ref); reason != "" {
		return refuse(reason)
	}
	if base == nil && !isWhole(ref, text) {
		return refuse("it is relative, but to nothing")
	}
	if reason := checkHost(base, ref, text); reason != "" {
		return refuse(reason)
	}
	u := resolveNormal(base, ref)
	if len(u.String()) > maxAddress {
		return refuse(fmt.Sprintf("it is longer than %d bytes", maxAddress))
	}
	return u, nil
}

// resolveNormal is url.ResolveReference with a result in the normal form of
// RFC 3986 §6.2.3.
func resolveNormal(base, ref *url.URL) *url.URL {
	if base == nil {
		base = ref // which is whole
	}
	u := base.ResolveReference(ref)
	u.User, u.ForceQuery, u.Fragment, u.RawFragment = nil, false, "", ""
	if u.Path == "" {
		u.Path = "/"
	}
	if host, port, ok := Authority(u); ok {
		u.Host = JoinHost(u.Scheme, host, port)
	}
	return u
}

// isWhole reports whether a URL names its own host or scheme.
func isWhole(ref *url.URL, text string) bool {
	return ref.Scheme != "" || strings.HasPrefix(text, "//")
}

// checkHost says what is wrong with the scheme or host that an address brings
// along. It is empty if the address brings none.
func checkHost(base, ref *url.URL, text string) string {
	if !isWhole(ref, text) {
		return ""
	}
	whole := *ref
	if whole.Scheme == "" {
		if base == nil {
			return "it has no scheme"
		}
		whole.Scheme = base.Scheme
	}
	if whole.Scheme != "http" && whole.Scheme != "https" {
		return "only http and https are asked"
	}
	if whole.Host == "" {
		return "it has no host"
	}
	if _, _, ok := Authority(&whole); !ok {
		return "its host is no plain name or address"
	}
	return ""
}

// checkPath says what is wrong with a path. Dot segments that are written as
// such are resolved later; others would be resolved by the server, if at all.
func checkPath(ref *url.URL) string {
	if HasControl(ref.Path) {
		return "its path has an encoded control character"
	}
	for segment := range strings.SplitSeq(ref.EscapedPath(), "/") {
		if segment == "." || segment == ".." {
			continue
		}
		decoded, err := url.PathUnescape(segment)
		if err != nil || hasHiddenDots(decoded) {
			return "its path has a . or .. segment in disguise"
		}
	}
	return ""
}

// hasHiddenDots reports whether a decoded segment has a dot segment for who
// reads an encoded slash or a \ as a slash, or ignores what follows a ; in a
// segment.
func hasHiddenDots(segment string) bool {
	for part := range strings.FieldsFuncSeq(segment, func(r rune) bool { return r == '/' || r == '\\' }) {
		name, _, _ := strings.Cut(part, ";")
		if name == "." || name == ".." {
			return true
		}
	}
	return false
}

// Authority takes the host and port of a URL apart. An IPv6 address is
// without its brackets; a port that is missing is that of the scheme. It is
// not ok unless the host is a name of ASCII letters, digits and hyphens, or an
// IP address in its one canonical form: 0x7f.1, 2130706433 and 127.1 are
// 127.0.0.1 to some resolvers, and so are full-width digits to who maps them
// by IDNA.
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

func defaultPort(scheme string) string {
	if scheme == "https" {
		return "443"
	}
	return "80"
}

// JoinHost is the host of a URL in its normal form.
func JoinHost(scheme, host, port string) string {
	if port != defaultPort(scheme) {
		return net.JoinHostPort(host, port)
	}
	if strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}

func isPlainIPv4(host string) bool {
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Is4()
}

// isPlainIPv6 reports whether a host is an IPv6 address, written as RFC 5952
// has it, that has no zone and stands for no IPv4 address.
func isPlainIPv6(host string) bool {
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Is6() && addr.Zone() == "" && addr.String() == host && !translates(addr)
}

// isName reports whether a host in lower case is a name by RFC 1123 §2.1 that
// nobody reads as an IPv4 address: its last label does not begin with a digit.
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

func HasControl(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] == 0x7f {
			return true
		}
	}
	return false
}

// EscapeIllegal percent-encodes the bytes that a URL may not have.
func EscapeIllegal(s string) string { return escapeExcept(s, isLegal) }

// EscapeQuery escapes the bytes that no query may have. HTTP/2 lets a browser
// send them, and in an HTTP/1 request line a space would end the target
// (request smuggling).
func EscapeQuery(query string) string { return escapeExcept(query, isQueryByte) }

// escapeExcept percent-encodes the bytes of s but those that stay as they are.
func escapeExcept(s string, stays func(c byte) bool) string {
	const digits = "0123456789ABCDEF"
	i := 0
	for i < len(s) && stays(s[i]) {
		i++
	}
	if i == len(s) {
		return s
	}
	b := append(make([]byte, 0, len(s)+len(s)/2), s[:i]...)
	for ; i < len(s); i++ {
		if c := s[i]; stays(c) {
			b = append(b, c)
		} else {
			b = append(b, '%', digits[c>>4], digits[c&0xf])
		}
	}
	return string(b)
}

// isLegal reports whether a URL may have a byte (RFC 3986 §2).
func isLegal(c byte) bool {
	return isLetterOrDigit(c) || strings.IndexByte("-._~!$&'()*+,;=:@/?%[]", c) >= 0
}

// isQueryByte reports whether a byte of a query stays as it came: more of them
// than RFC 3986 allows, since a server may tell a byte from its escape.
func isQueryByte(c byte) bool { return ' ' < c && c < 0x7f && c != '#' }

// IsUnreserved reports whether a byte means the same as when it is escaped (RFC
// 3986 §2.3).
func IsUnreserved(c byte) bool { return isLetterOrDigit(c) || strings.IndexByte("-._~", c) >= 0 }

func isLetterOrDigit(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// redact returns an address as an operator may see it in a log.
func redact(address string) string {
	start, end := strings.Index(address, "//"), strings.LastIndex(address, "@")
	if start >= 0 && end > start {
		address = address[:start+2] + "…" + address[end:]
	}
	if len(address) > 200 {
		address = address[:64] + "…"
	}
	return address
}
