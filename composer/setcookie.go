package composer

import (
	"net/http"
	"slices"
	"strings"
)

// anyCookie on a list of allowed cookies stands for all of them.
const anyCookie = "*"

// allowedCookies returns the Set-Cookie fields of a response whose cookies are
// on a list, by name and in their case; none, if the list is empty. A field
// that no browser could read as a cookie with a name (RFC 6265 §5.2) is left
// out.
//
// A fragment that may set any cookie may choose a visitor's session as well
// (session fixation). Allow * only to those that own the site.
func allowedCookies(h http.Header, allowed []string) []string {
	if len(allowed) == 0 {
		return nil
	}
	var kept []string
	for _, field := range h["Set-Cookie"] {
		pair, _, _ := strings.Cut(field, ";")
		name, _, found := strings.Cut(pair, "=")
		name = strings.TrimSpace(name)
		if found && name != "" && (slices.Contains(allowed, anyCookie) || slices.Contains(allowed, name)) {
			kept = append(kept, field)
		}
	}
	return kept
}
