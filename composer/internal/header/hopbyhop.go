package header

import (
	"net/http"
	"slices"
	"strings"
)

// NotForBrowsers are the fields of an answer that end here: what is between a
// fragment and us, what only we may set, and what speaks of one connection
// (RFC 9110 §7.6.1).
var NotForBrowsers = []string{
	SurrogateControl, SelvedgeCacheControl, SelvedgeError, "Set-Cookie",
	"Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Connection",
	"Te", "Trailer", "Transfer-Encoding", "Upgrade",
}

// CopyToBrowser gives the header of a fragment's answer to the browser. A field
// that is there already stays as it is: a fragment cannot weaken what the site
// says. Only Vary grows.
func CopyToBrowser(browser, answer http.Header) {
	answer = answer.Clone()
	for _, field := range answer.Values("Connection") {
		for name := range strings.SplitSeq(field, ",") {
			answer.Del(strings.TrimSpace(name))
		}
	}
	for _, name := range NotForBrowsers {
		answer.Del(name)
	}
	Merge(browser, answer)
	if browser[HxRedirect] != nil {
		browser.Del(HxRefresh) // htmx 2 would do both, htmx 4 only reload
	}
	if _, ok := browser["Set-Cookie"]; ok {
		// A shared cache must not give one browser's session to others.
		browser.Set("Cache-Control", "no-store")
	}
}

// Merge adds the fields of an answer to what the browser gets.
func Merge(browser, answer http.Header) {
	for name, values := range answer {
		MergeField(browser, name, values)
	}
}

// MergeField adds a field. One that is there already stays as it is; only Vary
// grows.
func MergeField(browser http.Header, name string, values []string) {
	if before, ours := browser[name]; !ours {
		browser[name] = values
	} else if name == "Vary" {
		browser[name] = slices.Concat(before, values)
	}
}

// hopByHop are the fields that are about one connection (RFC 9110 §7.6.1) or
// one proxy (RFC 9111 §3.1).
var hopByHop = []string{
	"Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authentication-Info", "Proxy-Authorization",
	"Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
}

// RemoveHopByHop removes the fields that are about one connection, and those that
// Connection lists.
func RemoveHopByHop(h http.Header) {
	for _, line := range h["Connection"] {
		for name := range strings.SplitSeq(line, ",") {
			h.Del(strings.TrimSpace(name))
		}
	}
	for _, name := range hopByHop {
		delete(h, name)
	}
}

// RemoveOurs removes the fields of an answer that are for us alone.
func RemoveOurs(h http.Header) {
	delete(h, SurrogateControl)
	delete(h, SelvedgeCacheControl)
	delete(h, SelvedgeError)
}
