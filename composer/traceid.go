package composer

import (
	"net/http"
	"strings"

	"selvedge/composer/internal/header"
)

// TraceID returns the trace id in a request's traceparent (W3C Trace Context §3.2.2.3),
// of any version (§4.3). It is empty if traceparent is absent or malformed.
//
// The composer exports no spans, so traceparent and tracestate are passed on unchanged: a
// parent id of the composer would name a span that is nowhere.
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
