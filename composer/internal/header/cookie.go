package header

import (
	"iter"
	"net/http"
	"slices"
	"strings"
)

// Cookies yields the cookies of a request by name, each as it came. They
// may stand in several fields (RFC 9113 §8.2.3).
func Cookies(h http.Header) iter.Seq2[string, string] {
	return func(yield func(name, pair string) bool) {
		for _, line := range h["Cookie"] {
			for pair := range strings.SplitSeq(line, ";") {
				pair = strings.TrimSpace(pair)
				name, _, ok := strings.Cut(pair, "=")
				if name = strings.TrimSpace(name); ok && name != "" && !yield(name, pair) {
					return
				}
			}
		}
	}
}

// AllowedCookies returns the cookies of a request whose names are on a list, on
// which "*" is all of them.
func AllowedCookies(h http.Header, names []string) []string {
	if len(names) == 0 {
		return nil
	}
	all := slices.Contains(names, "*")
	var pairs []string
	for name, pair := range Cookies(h) {
		if all || slices.Contains(names, name) {
			pairs = append(pairs, pair)
		}
	}
	return pairs
}

// AnyCookie on a list of allowed cookies stands for all of them.
const AnyCookie = "*"

// AllowedSetCookies returns the Set-Cookie fields of a response whose cookies are
// on a list, by name and in their case; none, if the list is empty. A field
// that no browser could read as a cookie with a name (RFC 6265 §5.2) is left
// out.
//
// A fragment that may set any cookie may choose a visitor's session as well
// (session fixation). Allow * only to those that own the site.
func AllowedSetCookies(h http.Header, allowed []string) []string {
	if len(allowed) == 0 {
		return nil
	}
	var kept []string
	for _, field := range h["Set-Cookie"] {
		pair, _, _ := strings.Cut(field, ";")
		name, _, found := strings.Cut(pair, "=")
		name = strings.TrimSpace(name)
		if found && name != "" && (slices.Contains(allowed, AnyCookie) || slices.Contains(allowed, name)) {
			kept = append(kept, field)
		}
	}
	return kept
}
