package header

import (
	"net/http"
	"slices"
	"strings"

	"github.com/dunglas/httpsfv"
)

// Groups reads a field that is a list of groups (RFC 9875 §2 and §3). What
// does not parse says nothing (RFC 9651 §4.2).
func Groups(h http.Header, field string) []string {
	lines := h.Values(field)
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

// CacheGroups returns the groups of an answer, each once: those of Cache-Groups
// (RFC 9875 §2), and of the fields in which others write the same.
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
