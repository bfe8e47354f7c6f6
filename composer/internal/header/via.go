package header

import (
	"net/http"
	"strconv"
	"strings"
)

// MaxForwarded bounds the number of proxies named Device that a request may have
// passed.
const MaxForwarded = 8

// Via returns the composer's entry for the Via field of a forwarded request (RFC 9110
// §7.6.3).
func Via(r *http.Request) string {
	return strconv.Itoa(r.ProtoMajor) + "." + strconv.Itoa(r.ProtoMinor) + " " + Device
}

// TimesForwarded returns the number of proxies named Device in the request's Via.
func TimesForwarded(r *http.Request) int {
	return strings.Count(strings.Join(r.Header["Via"], ",")+",", " "+Device+",")
}

// IncludeVia returns the Via field of an include: an entry for the composer, and one
// for each of its entries in the page's request, so that a loop of includes ends.
func IncludeVia(r *http.Request) []string {
	var passed []string
	for range TimesForwarded(r) {
		passed = append(passed, "1.1 "+Device)
	}
	return append(passed, "1.1 "+Device)
}

// IsFromProxy reports whether a request has a field that a proxy adds: X-Forwarded-For or
// Via. A client can send these fields too.
func IsFromProxy(r *http.Request) bool {
	return len(r.Header["X-Forwarded-For"]) > 0 || len(r.Header["Via"]) > 0
}
