package composer

import (
	"iter"
	"net/http"
	"slices"
	"strings"
)

// cookiePairs yields the cookies of a request by name, each as it came. They
// may stand in several fields (RFC 9113 §8.2.3).
func cookiePairs(h http.Header) iter.Seq2[string, string] {
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

// allowedPairs returns the cookies of a request whose names are on a list, on
// which "*" is all of them.
func allowedPairs(h http.Header, names []string) []string {
	if len(names) == 0 {
		return nil
	}
	all := slices.Contains(names, "*")
	var pairs []string
	for name, pair := range cookiePairs(h) {
		if all || slices.Contains(names, name) {
			pairs = append(pairs, pair)
		}
	}
	return pairs
}
