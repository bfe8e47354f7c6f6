package composer

import (
	"bytes"
	"net/http"
	"strings"
	"time"
)

// dateFormats are those of an HTTP-date: the one to write, and two that have to
// be understood (RFC 9110 §5.6.7).
var dateFormats = [...]string{http.TimeFormat, "Monday, 02-Jan-06 15:04:05 GMT", time.ANSIC}

// dateOf is when the response was made (RFC 9110 §6.6.1).
func dateOf(h http.Header, received time.Time) time.Time {
	if date, ok := parseDate(first(h, "Date")); ok {
		return date
	}
	return received
}

// parseDate returns the time that an HTTP-date gives, in upper or lower case
// (RFC 9111 §4.2). The package time reads more than that, a day of one digit or
// parts of a second say; but what is no date has to count as none, since an
// Expires that is broken is in the past (§5.3).
func parseDate(text string) (time.Time, bool) {
	if text == "" {
		return time.Time{}, false
	}
	text = withZone(text)
	for _, format := range dateFormats {
		if at, err := time.Parse(format, text); err == nil {
			return at, isWritten(at, format, text)
		}
	}
	return time.Time{}, false
}

// withZone returns a date with its zone as the formats have it.
func withZone(text string) string {
	const zone = "GMT"
	if before := len(text) - len(zone); before > 0 && text[before:] != zone && strings.EqualFold(text[before:], zone) {
		return text[:before] + zone
	}
	return text
}

// isWritten reports whether a time is a text in a format. Which day of the week
// that names is left to who wrote it.
func isWritten(at time.Time, format, text string) bool {
	var buffer [len(http.TimeFormat)]byte
	_, written, _ := bytes.Cut(at.AppendFormat(buffer[:0], format), []byte(" "))
	_, given, _ := strings.Cut(text, " ")
	return strings.EqualFold(string(written), given)
}
