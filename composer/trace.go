package composer

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"strings"
)

// spanOf returns the Traceparent field with which a page asks its fragments: it
// is the parent of them all, in the trace of the page's request (W3C Trace
// Context §3.2). A malformed field names no trace.
func spanOf(parent string) []string {
	trace, flags, ok := readTraceparent(parent)
	if !ok {
		return nil
	}
	var id [8]byte
	_, _ = rand.Read(id[:]) // never fails; see crypto/rand
	return []string{"00-" + trace + "-" + hex.EncodeToString(id[:]) + "-" + flags}
}

// inSpan returns a request that is in the span of its page, so that the origin
// is asked in the same span as the page's fragments are. What names no trace
// goes no further (§4.3).
func inSpan(r *http.Request) *http.Request {
	parent := first(r.Header, "Traceparent")
	if parent == "" {
		return r
	}
	inner := r.WithContext(r.Context())
	inner.Header = r.Header.Clone()
	setSpan(inner.Header, parent)
	return inner
}

// setSpan sets the trace fields with which a page asks for its parts.
func setSpan(h http.Header, parent string) {
	if h["Traceparent"] = spanOf(parent); h["Traceparent"] == nil {
		delete(h, "Traceparent")
		delete(h, "Tracestate")
	}
}

// readTraceparent returns the trace and the flags of a Traceparent field, which
// may be of a version after ours (§4.3). It is not ok if the field is malformed
// or names no trace.
func readTraceparent(field string) (trace, flags string, ok bool) {
	parts := strings.Split(field, "-")
	if len(parts) < 4 || parts[0] == "ff" || parts[0] == "00" && len(parts) > 4 {
		return "", "", false
	}
	for i, length := range []int{2, 32, 16, 2} {
		if len(parts[i]) != length || strings.Trim(parts[i], "0123456789abcdef") != "" {
			return "", "", false
		}
	}
	if strings.Trim(parts[1], "0") == "" || strings.Trim(parts[2], "0") == "" {
		return "", "", false
	}
	return parts[1], parts[3], true
}
