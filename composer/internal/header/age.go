package header

import (
	"net/http"
	"strings"
	"time"
)

// UntilExpires is the lifetime that Expires gives. A date that is invalid, or
// given twice and differently, is in the past (RFC 9111 §5.3 and §4.2.1).
func UntilExpires(h http.Header, received time.Time) time.Duration {
	expires := h["Expires"]
	for _, other := range expires[1:] {
		if other != expires[0] {
			return 0
		}
	}
	at, ok := ParseDate(expires[0])
	if !ok {
		return 0
	}
	return max(at.Sub(Date(h, received)), 0)
}

// Age returns the age that a response gives, 0 if it gives none. Of a list,
// and of several lines, the first member counts, without parameters; one that is
// no whole number of seconds is ignored (RFC 9111 §5.1).
func Age(h http.Header) time.Duration {
	member, _, _ := strings.Cut(First(h, "Age"), ",")
	member, _, _ = strings.Cut(member, ";")
	return ParseSeconds(strings.TrimSpace(member)).Duration()
}

// HasValidator reports whether a response has an ETag or a Last-Modified, so that
// it can be revalidated (RFC 9111 §4.3.1).
func HasValidator(h http.Header) bool {
	return len(h["Etag"]) > 0 || len(h["Last-Modified"]) > 0
}

// InitialAge is how old a response was when it was received (RFC 9111 §4.2.3).
func InitialAge(h http.Header, asked, received time.Time) time.Duration {
	apparent := max(received.Sub(Date(h, received)), 0)
	return max(apparent, Age(h)+received.Sub(asked))
}
