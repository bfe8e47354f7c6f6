package header

import (
	"net/http"
	"strings"
	"time"
)

// Age returns the value of the Age field, 0 if absent. Of several values the first
// counts, without its parameters; a value other than a whole number of seconds is
// ignored (RFC 9111 §5.1).
func Age(h http.Header) time.Duration {
	member, _, _ := strings.Cut(First(h, "Age"), ",")
	member, _, _ = strings.Cut(member, ";")
	return ParseSeconds(strings.TrimSpace(member)).Duration()
}

// InitialAge returns the age of a response at the time when it was received; asked is
// the time of its request (RFC 9111 §4.2.3).
func InitialAge(h http.Header, asked, received time.Time) time.Duration {
	apparent := max(received.Sub(Date(h, received)), 0)
	return max(apparent, Age(h)+received.Sub(asked))
}

// ExpiresLifetime returns the lifetime that Expires gives, counted from Date, and at
// least 0. An Expires that is invalid, or given twice with different values, is in the
// past (RFC 9111 §4.2.1 and §5.3). The header must have an Expires field.
func ExpiresLifetime(h http.Header, received time.Time) time.Duration {
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
