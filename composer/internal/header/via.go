package header

import (
	"net/http"
	"strconv"
	"strings"
)

// MaxForwarded bounds how often a request may have passed proxies of our name.
const MaxForwarded = 8

// Via is what we say of a request that has reached us (RFC 9110 §7.6.3).
func Via(r *http.Request) string {
	return strconv.Itoa(r.ProtoMajor) + "." + strconv.Itoa(r.ProtoMinor) + " " + Device
}

// TimesForwarded is how often a request has passed proxies of our name.
func TimesForwarded(r *http.Request) int {
	return strings.Count(strings.Join(r.Header["Via"], ",")+",", " "+Device+",")
}

// IncludeVia is the Via field of an include: our name, as often as the request has
// passed us, so that a circle ends.
func IncludeVia(r *http.Request) []string {
	var passed []string
	for range TimesForwarded(r) {
		passed = append(passed, "1.1 "+Device)
	}
	return append(passed, "1.1 "+Device)
}
