package header

import (
	"net/http"
	"slices"
	"strings"
)

// CopyToBrowser gives the header of a fragment's answer to the browser. A field
// that is there already stays as it is: a fragment cannot weaken what the site
// says. Only Vary grows.
func CopyToBrowser(browser, answer http.Header) {
	answer = answer.Clone()
	RemoveHopByHop(answer)
	RemoveOurs(answer)
	delete(answer, "Set-Cookie")
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

// ours are the fields of a response that are for the composer alone.
var ours = []string{SurrogateControl, SelvedgeCacheControl, SelvedgeError}

// RemoveOurs removes the fields of a response that are for the composer alone.
func RemoveOurs(h http.Header) {
	for _, name := range ours {
		delete(h, name)
	}
}

// EndsHere reports whether a field of a response reaches no browser: it is about
// one connection, or for the composer alone.
func EndsHere(name string) bool {
	return slices.Contains(hopByHop, name) || slices.Contains(ours, name)
}
