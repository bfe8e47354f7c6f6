package lint

import (
	"net/http"
	"strings"

	"github.com/dunglas/httpsfv"
)

// checkGroups checks the fields with groups (RFC 9875 §2 and §3), which a composer ignores
// if they are malformed.
func checkGroups(r *report, header http.Header) {
	for _, field := range []string{"Cache-Groups", "Cache-Group-Invalidation"} {
		if lines := header.Values(field); len(lines) > 0 && !isListOfStrings(lines) {
			r.add("groups", `quote each group, as in `+field+`: "product:42", "cart:7"`,
				"%s: %s is no list of strings in quotes, so it has no effect", field, strings.Join(lines, ", "))
		}
	}
}

// checkReadGroups checks the groups in the response to a GET.
func checkReadGroups(r *report, header http.Header) {
	if len(header.Values("Cache-Group-Invalidation")) > 0 {
		r.add("groups", "send it in responses to POST, PUT, PATCH and DELETE", "Cache-Group-Invalidation in the response to a GET has no effect")
	}
}

// isListOfStrings reports whether a field is a list of strings (RFC 9651 §3.1).
func isListOfStrings(lines []string) bool {
	list, err := httpsfv.UnmarshalList(lines)
	if err != nil {
		return false
	}
	for _, member := range list {
		item, ok := member.(httpsfv.Item)
		if !ok {
			return false
		}
		if _, ok := item.Value.(string); !ok {
			return false
		}
	}
	return true
}
