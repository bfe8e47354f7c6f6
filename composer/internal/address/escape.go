package address

import (
	"net/url"
	"strings"
)

// EscapedPath returns the path of a URL as received, with its invalid bytes escaped.
// Because of an invalid byte, url.URL.EscapedPath would decode the valid escapes, and
// %2F would become a slash.
func EscapedPath(u *url.URL) string {
	if u.RawPath != "" {
		return EscapeIllegal(u.RawPath)
	}
	return u.EscapedPath()
}

// EscapeQuery percent-encodes the bytes that are invalid in a query. HTTP/2 lets a
// browser send such bytes, and in an HTTP/1 request line a space would end the target
// (request smuggling).
func EscapeQuery(query string) string { return escapeExcept(query, isQueryByte) }

// EscapeIllegal percent-encodes the bytes that are invalid in a URL.
func EscapeIllegal(s string) string { return escapeExcept(s, isLegal) }

// escapeExcept percent-encodes the bytes of s for which stays returns false.
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

// isQueryByte reports whether a byte of a query stays unchanged. More bytes stay than
// RFC 3986 allows, because a server may distinguish a byte from its escape.
func isQueryByte(c byte) bool { return ' ' < c && c < 0x7f && c != '#' }

// isLegal reports whether a URL may contain a byte (RFC 3986 §2).
func isLegal(c byte) bool {
	return isLetterOrDigit(c) || strings.IndexByte("-._~!$&'()*+,;=:@/?%[]", c) >= 0
}

// IsUnreserved reports whether a byte and its escape are equivalent (RFC 3986 §2.3).
func IsUnreserved(c byte) bool { return isLetterOrDigit(c) || strings.IndexByte("-._~", c) >= 0 }

func isLetterOrDigit(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// Target returns the path and query that a source receives for an address, without the
// arguments that are for templates.
func Target(u *url.URL) string {
	target := EscapedPath(u)
	if target == "" {
		target = "/"
	}
	switch query := WithoutArguments(u.RawQuery); {
	case query != "":
		target += "?" + EscapeQuery(query)
	case u.ForceQuery: // a ? without a query
		target += "?"
	}
	return target
}
