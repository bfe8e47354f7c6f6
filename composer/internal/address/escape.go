package address

import (
	"net/url"
)

// EscapedPath returns the path of a URL as it came, but for the bytes that no
// path may have. With one of these in it, url.URL.EscapedPath would decode the
// others, and %2F become a slash.
func EscapedPath(u *url.URL) string {
	if u.RawPath != "" {
		return EscapeIllegal(u.RawPath)
	}
	return u.EscapedPath()
}

func IsBase(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil && u.RawQuery == "" && u.Fragment == ""
}
