package header

import (
	"net/http"
	"slices"
	"strings"
)

// hopByHop are the fields about one connection (RFC 9110 §7.6.1) or one proxy (RFC
// 9111 §3.1).
var hopByHop = []string{
	"Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authentication-Info", "Proxy-Authorization",
	"Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
}

// RemoveHopByHop removes the fields about one connection, and the fields named by
// Connection.
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

// composerFields are the fields of a response for the composer alone.
var composerFields = []string{SurrogateControl, SelvedgeCacheControl, SelvedgeError}

// RemoveComposerFields removes the fields of a response for the composer alone.
func RemoveComposerFields(h http.Header) {
	for _, name := range composerFields {
		delete(h, name)
	}
}

// EndsHere reports whether a response field never reaches a browser, because it is
// about one connection or for the composer alone.
func EndsHere(name string) bool {
	return slices.Contains(hopByHop, name) || slices.Contains(composerFields, name)
}

// CopyToBrowser copies the header of a fragment's response to the response for the
// browser, except hop-by-hop fields, fields for the composer, and Set-Cookie. A field
// that browser has already stays, except that Vary grows, because a fragment must not
// weaken the site's header. With a Set-Cookie the response becomes no-store.
func CopyToBrowser(browser, answer http.Header) {
	answer = answer.Clone()
	RemoveHopByHop(answer)
	RemoveComposerFields(answer)
	delete(answer, "Set-Cookie")
	Merge(browser, answer)
	if browser[HxRedirect] != nil {
		browser.Del(HxRefresh) // htmx 2 would obey both fields, htmx 4 only the refresh
	}
	if _, ok := browser["Set-Cookie"]; ok {
		// A shared cache must not give a browser's session to another browser.
		browser.Set("Cache-Control", "no-store")
	}
}

// Merge adds the fields of answer to browser, each by MergeField.
func Merge(browser, answer http.Header) {
	for name, values := range answer {
		MergeField(browser, name, values)
	}
}

// MergeField adds a field to browser. A field that browser has already stays, except
// that Vary grows.
func MergeField(browser http.Header, name string, values []string) {
	if before, ours := browser[name]; !ours {
		browser[name] = values
	} else if name == "Vary" {
		browser[name] = slices.Concat(before, values)
	}
}

// TakesTrailers reports whether the client of a request accepts trailers (RFC 9110
// §10.1.4). A client that does not may cut a response that ends with one, as Varnish
// does.
func TakesTrailers(r *http.Request) bool { return HasListElement(r.Header["Te"], "trailers") }
