package composer

import "net/http"

// TraceID returns the trace that a request belongs to, empty if it names none
// (W3C Trace Context §3.2.2.3).
func TraceID(h http.Header) string {
	trace, _, _ := readTraceparent(first(h, "Traceparent"))
	return trace
}
