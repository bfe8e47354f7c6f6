package header

import (
	"bytes"
	"net/http"
	"strings"
	"time"
)

// dateFormats are those of an HTTP-date: the one to write, and two that have to
// be understood (RFC 9110 §5.6.7).
var dateFormats = [...]string{http.TimeFormat, "Monday, 02-Jan-06 15:04:05 GMT", time.ANSIC}

// Date is when the response was made (RFC 9110 §6.6.1).
func Date(h http.Header, received time.Time) time.Time {
	if date, ok := ParseDate(First(h, "Date")); ok {
		return date
	}
	return received
}

// ParseDate returns the time that an HTTP-date gives, in upper or lower case
// (RFC 9111 §4.2). The package time reads more than that, a day of one digit or
// parts of a second say; but what is no date has to count as none, since an
// Expires that is broken is in the past (§5.3).
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

// parseFixdate reads a date in the format to write, in which nearly all are:
// each answer has one.
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
	if at.Day() != day { // but one of the month after
		return time.Time{}, false
	}
	return at, true
}

// twoDigits is the number with which a text begins, negative if it is none.
func twoDigits(text string) int {
	tens, ones := int(text[0])-'0', int(text[1])-'0'
	if tens < 0 || tens > 9 || ones < 0 || ones > 9 {
		return -1
	}
	return tens*10 + ones
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
