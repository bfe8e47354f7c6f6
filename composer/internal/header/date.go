package header

import (
	"bytes"
	"net/http"
	"strings"
	"time"
)

// Date returns the time of a response's Date field (RFC 9110 §6.6.1), or received if
// the field is missing or invalid.
func Date(h http.Header, received time.Time) time.Time {
	if date, ok := ParseDate(First(h, "Date")); ok {
		return date
	}
	return received
}

// ParseDate returns the time of an HTTP-date, whose letters may be in any case (RFC
// 9111 §4.2). It is stricter than package time, which accepts a day of one digit or
// fractions of a second: an invalid date must count as none, because a malformed
// Expires is in the past (§5.3).
func ParseDate(text string) (time.Time, bool) {
	if text == "" {
		return time.Time{}, false
	}
	text = withZone(text)
	for _, format := range dateFormats {
		if at, err := time.Parse(format, text); err == nil && isWritten(at, format, text) {
			return at, true
		}
	}
	return time.Time{}, false
}

// dateFormats are the formats of an HTTP-date: the preferred format, and two obsolete
// formats that a recipient must accept (RFC 9110 §5.6.7).
var dateFormats = [...]string{http.TimeFormat, "Monday, 02-Jan-06 15:04:05 GMT", time.ANSIC}

// withZone returns a date with its zone in upper case.
func withZone(text string) string {
	const zone = "GMT"
	if before := len(text) - len(zone); before > 0 && text[before:] != zone && strings.EqualFold(text[before:], zone) {
		return text[:before] + zone
	}
	return text
}

// isWritten reports whether formatting at gives text again. The day of the week is not
// compared.
func isWritten(at time.Time, format, text string) bool {
	var buffer [len(http.TimeFormat)]byte
	_, written, _ := bytes.Cut(at.AppendFormat(buffer[:0], format), []byte(" "))
	_, given, _ := strings.Cut(text, " ")
	return strings.EqualFold(string(written), given)
}
