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
	if at, ok := parseFixdate(text); ok {
		return at, true
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

// parseFixdate reads a date in the preferred format. It is a fast path, because every
// response has a date and nearly all use this format.
func parseFixdate(text string) (time.Time, bool) {
	const form = http.TimeFormat
	if len(text) != len(form) {
		return time.Time{}, false
	}
	for _, i := range [...]int{3, 4, 7, 11, 16, 19, 22, 25, 26, 27, 28} {
		if text[i] != form[i] {
			return time.Time{}, false
		}
	}
	weekday := strings.Index("SunMonTueWedThuFriSat", text[:3])
	month := strings.Index("JanFebMarAprMayJunJulAugSepOctNovDec", text[8:11])
	day, century, year := twoDigits(text[5:]), twoDigits(text[12:]), twoDigits(text[14:])
	hour, minute, second := twoDigits(text[17:]), twoDigits(text[20:]), twoDigits(text[23:])
	if min(day, century, year, hour, minute, second) < 0 || weekday%3 != 0 || month%3 != 0 ||
		hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	at := time.Date(century*100+year, time.Month(month/3+1), day, hour, minute, second, 0, time.UTC)
	if at.Day() != day { // a day that the month does not have
		return time.Time{}, false
	}
	return at, true
}

// twoDigits returns the number of the first two digits of text, or a negative number
// without digits.
func twoDigits(text string) int {
	tens, ones := int(text[0])-'0', int(text[1])-'0'
	if tens < 0 || tens > 9 || ones < 0 || ones > 9 {
		return -1
	}
	return tens*10 + ones
}

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
