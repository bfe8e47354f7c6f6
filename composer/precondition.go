package composer

import (
	"net/http"
	"time"
)

// isCurrent reports whether a request has the response already: whether its
// preconditions, as far as a cache may evaluate them, are false (RFC 9111
// §4.3.2). A response without Last-Modified has changed at its Date.
func isCurrent(request http.Header, answer fields) bool {
	changed, err := http.ParseTime(answer.get("Last-Modified"))
	if answer.get("Last-Modified") == "" {
		changed, err = http.ParseTime(answer.get("Date"))
	}
	if err != nil {
		changed = time.Time{}
	}
	return notModified(request, answer.get("Etag"), changed)
}
