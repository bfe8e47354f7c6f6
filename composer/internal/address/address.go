package address

import (
	"fmt"
	"net/url"
	"strings"
)

// Resolve returns the URL of an include's address after the expansion of its
// variables, relative to base, the URL of its document (RFC 3986 §5). A nil base is
// for a document without a URL, and requires an absolute address. The host is in lower
// case and without a default port, and the fragment is removed. An address that a
// browser, a proxy and a server could read differently is refused instead of repaired,
// because the check would then be for another request than the one sent. The error is
// an *Error. Resolve does not check whether the host is allowed; see AllowList.Allows.
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
	if base == nil && !isAbsolute(ref, text) {
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

// Error is the error of an address that an include must not request. The include
// fails, as it does for a fragment without a response.
type Error struct {
	Address string // as requested, without a password, and shortened
	Reason  string
}

func (e *Error) Error() string {
	return fmt.Sprintf("%q is no address that an include may have: %s", e.Address, e.Reason)
}

// redact returns an address without a password, and shortened, for a log.
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

// maxAddress bounds the length of an address in bytes, as written and as sent, because
// variables can make it long.
const maxAddress = 8 << 10

// resolveNormal is url.ResolveReference with a result in the normal form of RFC 3986
// §6.2.3.
func resolveNormal(base, ref *url.URL) *url.URL {
	if base == nil {
		base = ref // ref is absolute
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

// isAbsolute reports whether a URL has its own host or scheme.
func isAbsolute(ref *url.URL, text string) bool {
	return ref.Scheme != "" || strings.HasPrefix(text, "//")
}

// checkHost returns the reason to refuse the scheme or host of an address. It is empty
// if the address is valid or has neither.
func checkHost(base, ref *url.URL, text string) string {
	if !isAbsolute(ref, text) {
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

// checkPath returns the reason to refuse a path. Plain dot segments are resolved
// later; encoded dot segments would be resolved by the server, if at all.
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

// HasControl reports whether s contains a control character of ASCII.
func HasControl(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] == 0x7f {
			return true
		}
	}
	return false
}
