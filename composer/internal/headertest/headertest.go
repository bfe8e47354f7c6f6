// Package headertest writes header fields with times for tests.
package headertest

import (
	"net/http"
	"strings"
	"time"
)

// Noon is the time at which tests receive their responses.
var Noon = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

// At returns the line of a field whose value is the time after Noon, or before it if
// after is negative.
func At(name string, after time.Duration) string {
	return name + ": " + Noon.Add(after).Format(http.TimeFormat)
}

// Header returns a header with the fields of the lines, such as "Age: 5".
func Header(lines ...string) http.Header {
	h := make(http.Header)
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		h.Add(name, value)
	}
	return h
}
