package composer

import (
	"net/http"
	"strings"

	"selvedge/composer/internal/header"
)

// TraceID returns the trace id of a request (W3C Trace Context §3.2.2.3). It is
// empty if the request has no traceparent, or a malformed one. The traceparent
// may be of a later version (§4.3).
//
// The composer exports no spans, so it passes traceparent and tracestate on
// unchanged: a parent id of its own would name a span that no one can find.
func TraceID(h http.Header) string {
	parts := strings.Split(header.First(h, "Traceparent"), "-")
	if len(parts) < 4 || parts[0] == "ff" || parts[0] == "00" && len(parts) > 4 {
		return ""
	}
	for i, length := range []int{2, 32, 16, 2} {
		if len(parts[i]) != length || strings.Trim(parts[i], "0123456789abcdef") != "" {
			return ""
		}
	}
	if strings.Trim(parts[1], "0") == "" || strings.Trim(parts[2], "0") == "" {
		return ""
	}
	return parts[1]
}
