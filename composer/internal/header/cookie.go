package header

import (
	"iter"
	"net/http"
	"slices"
	"strings"
)

// Cookies yields the name of each cookie in a request, and its name=value pair as
// sent. A request may have several Cookie fields (RFC 9113 §8.2.3).
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

// AnyCookie on a list of allowed cookies stands for all cookies.
const AnyCookie = "*"

// AllowedCookies returns the name=value pairs of a request's cookies whose names are
// on a list. AnyCookie on the list allows all cookies.
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

// AllowedSetCookies returns the Set-Cookie fields of a response whose cookie names are
// on a list, which is case-sensitive; an empty list allows none. A field without a
// cookie name is left out, because no browser reads it (RFC 6265 §5.2).
//
// A fragment with the right to set any cookie can choose a visitor's session (session
// fixation). AnyCookie is only for fragments of the site's owner.
func AllowedSetCookies(h http.Header, allowed []string) []string {
	return OwnSetCookies(h, allowed, func(string) bool { return false })
}

// AddSetCookies adds Set-Cookie fields to a response for one browser, which no cache may
// keep.
func AddSetCookies(h http.Header, fields []string) {
	if len(fields) > 0 {
		h["Set-Cookie"] = append(h["Set-Cookie"], fields...)
		h["Cache-Control"] = []string{"no-store"}
	}
}

// OwnSetCookies is AllowedSetCookies without the names for which isReserved reports true.
func OwnSetCookies(h http.Header, allowed []string, isReserved func(name string) bool) []string {
	if len(allowed) == 0 {
		return nil
	}
	var kept []string
	for _, field := range h["Set-Cookie"] {
		pair, _, _ := strings.Cut(field, ";")
		name, _, found := strings.Cut(pair, "=")
		name = strings.TrimSpace(name)
		isAllowed := slices.Contains(allowed, AnyCookie) || slices.Contains(allowed, name)
		if found && name != "" && isAllowed && !isReserved(name) {
			kept = append(kept, field)
		}
	}
	return kept
}
