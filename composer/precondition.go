package composer

import (
	"cmp"
	"net/http"
)

// isCurrent reports whether a request has the response already: whether its
// preconditions, as far as a cache may evaluate them, are false (RFC 9111
// §4.3.2). A response without Last-Modified has changed at its Date.
func isCurrent(request http.Header, answer fields) bool {
	changed, _ := parseDate(cmp.Or(answer.get("Last-Modified"), answer.get("Date")))
	return notModified(request, answer.get("Etag"), changed)
}
