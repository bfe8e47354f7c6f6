package header

import (
	"net/http"
	"slices"
	"strings"

	"github.com/dunglas/httpsfv"
)

// Groups reads a field with a list of cache groups (RFC 9875 §2 and §3). A malformed
// field has none (RFC 9651 §4.2). The name must be in canonical form.
func Groups(h http.Header, field string) []string {
	lines := h[field]
	if len(lines) == 0 {
		return nil
	}
	list, err := httpsfv.UnmarshalList(lines)
	if err != nil {
		return nil
	}
	var names []string
	for _, member := range list {
		if item, ok := member.(httpsfv.Item); ok {
			if name, ok := item.Value.(string); ok {
				names = append(names, name)
			}
		}
	}
	return names
}

// CacheGroups returns the groups of a response, sorted and without duplicates. It
// reads Cache-Groups (RFC 9875 §2), and the similar fields Surrogate-Key, Xkey and
// Cache-Tag of other caches.
func CacheGroups(h http.Header) []string {
	names := Groups(h, "Cache-Groups")
	for _, field := range []string{"Surrogate-Key", "Xkey"} {
		for _, line := range h[field] {
			names = append(names, strings.Fields(line)...)
		}
	}
	for _, line := range h["Cache-Tag"] {
		for name := range strings.SplitSeq(line, ",") {
			if name = strings.TrimSpace(name); name != "" {
				names = append(names, name)
			}
		}
	}
	if len(names) > 1 {
		slices.Sort(names)
		names = slices.Compact(names)
	}
	return names
}

// InvalidatedGroups returns the groups in Cache-Group-Invalidation (RFC 9875 §3).
func InvalidatedGroups(h http.Header) []string { return Groups(h, "Cache-Group-Invalidation") }

// Invalidates reports whether a response invalidates its target: the method is unsafe, and
// the status is no error (RFC 9111 §4.4).
func Invalidates(method string, status int) bool {
	isSafe := method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions || method == http.MethodTrace
	return !isSafe && status < 400
}
