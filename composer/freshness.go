package composer

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// targetedControl is the Cache-Control field for us alone (RFC 9213 §2), and
// cdnControl the one for all caches that work for the site (§3).
const (
	targetedControl = "Selvedge-Cache-Control"
	cdnControl      = "Cdn-Cache-Control"
)

// maxHeuristic bounds the lifetime of a response that gives none.
const maxHeuristic = 24 * time.Hour

// terms are what a response says about its use by a shared cache.
type terms struct {
	allowed  bool    // to be stored, whether or not that is of use
	storable bool    // allowed, and of use
	reusable bool    // without asking the fragment, while it is fresh
	strict   bool    // never stale because a request says so (RFC 9111 §4.2.4)
	lifetime seconds // how old it may become and be fresh
	// How long after that it may be used, while it is fetched again and if
	// that fails (RFC 5861).
	whileRevalidate, ifError seconds
}

// termsOf returns the terms of a response to a GET request.
func termsOf(request http.Header, status int, h http.Header, received time.Time) terms {
	d, targeted := directivesOf(h)
	t := terms{reusable: !d.noCache, strict: d.mustRevalidate || d.sharedMaxAge != absent}
	explicit := d.public
	switch {
	case d.sharedMaxAge != absent:
		t.lifetime, explicit = d.sharedMaxAge, true
	case d.maxAge != absent:
		t.lifetime, explicit = d.maxAge, true
	case !targeted && len(h["Expires"]) > 0:
		t.lifetime, explicit = secondsOf(untilExpires(h, received)), true
	case d.public || hasHeuristic(status) && !hasCredentials(request):
		t.lifetime = secondsOf(heuristic(h, received))
	}
	if t.reusable && !d.mustRevalidate {
		t.whileRevalidate, t.ifError = max(d.staleWhileRevalidate, 0), max(d.staleIfError, 0)
	}
	useful := t.lifetime > 0 || t.whileRevalidate > 0 || t.ifError > 0 ||
		(explicit || d.noCache) && hasValidator(h)
	t.allowed = mayStore(request, status, h, d)
	t.storable = useful && t.allowed
	return t
}

// mayStore reports whether RFC 9111 §3 lets a shared cache store a response.
func mayStore(request http.Header, status int, h http.Header, d directives) bool {
	understood := hasHeuristic(status)
	noStore := d.noStore
	if d.mustUnderstand {
		noStore = !understood // §5.2.2.3
	}
	switch {
	case noStore, d.private, status == http.StatusPartialContent, status == http.StatusNotModified:
		return false
	case len(h["Set-Cookie"]) > 0: // one visitor's, whatever the rest says
		return false
	case len(request["Authorization"]) > 0: // §3.5
		return d.public || d.mustRevalidate || d.sharedMaxAge != absent
	}
	return !slices.Contains(varyOf(h), "*")
}

// directivesOf returns the directives that hold for us: of the first targeted
// field that has any, and otherwise of Cache-Control (RFC 9213 §2.2).
func directivesOf(h http.Header) (d directives, targeted bool) {
	if d, ok := parseTargeted(h[targetedControl]); ok {
		return d, true
	}
	if d, ok := parseSurrogateControl(h[surrogateControl]); ok {
		return d, true
	}
	if d, ok := parseTargeted(h[cdnControl]); ok {
		return d, true
	}
	return parseCacheControl(h["Cache-Control"]), false
}

func (s seconds) duration() time.Duration {
	return time.Duration(max(s, 0)) * time.Second
}

// secondsOf returns a time in whole seconds.
func secondsOf(d time.Duration) seconds {
	return seconds(min(d/time.Second, time.Duration(maxSeconds)))
}

// untilExpires is the lifetime that Expires gives. A date that is invalid, or
// given twice and differently, is in the past (RFC 9111 §5.3 and §4.2.1).
func untilExpires(h http.Header, received time.Time) time.Duration {
	expires := h["Expires"]
	for _, other := range expires[1:] {
		if other != expires[0] {
			return 0
		}
	}
	at, ok := parseDate(expires[0])
	if !ok {
		return 0
	}
	return max(at.Sub(dateOf(h, received)), 0)
}

// isExplicit reports whether a response says itself how long it is fresh.
func isExplicit(h http.Header) bool {
	d, targeted := directivesOf(h)
	return d.maxAge != absent || d.sharedMaxAge != absent || !targeted && len(h["Expires"]) > 0
}

// isHeuristic reports whether a response has no other lifetime than that of
// heuristic, and does not say that it is public. Such a response answers only
// requests without credentials, and is stored only for these: Last-Modified
// alone says nothing about whom a page is for.
func isHeuristic(h http.Header) bool {
	if len(h["Last-Modified"]) == 0 || isExplicit(h) {
		return false
	}
	d, _ := directivesOf(h)
	return !d.public
}

// hasCredentials reports whether a request says who asks.
func hasCredentials(request http.Header) bool {
	return len(request["Cookie"]) > 0 || len(request["Authorization"]) > 0
}

// heuristic is the lifetime of a response that gives none: a tenth of the time
// for which it has not changed (RFC 9111 §4.2.2).
func heuristic(h http.Header, received time.Time) time.Duration {
	modified, ok := parseDate(first(h, "Last-Modified"))
	if !ok {
		return 0
	}
	return min(max(dateOf(h, received).Sub(modified)/10, 0), maxHeuristic)
}

// initialAge is how old a response was when it was received (RFC 9111 §4.2.3).
func initialAge(h http.Header, asked, received time.Time) time.Duration {
	apparent := max(received.Sub(dateOf(h, received)), 0)
	return max(apparent, ageOf(h)+received.Sub(asked))
}

// ageOf returns the age that a response gives, 0 if it gives none. Of a list,
// and of several lines, the first member counts, without parameters; one that is
// no whole number of seconds is ignored (RFC 9111 §5.1).
func ageOf(h http.Header) time.Duration {
	member, _, _ := strings.Cut(first(h, "Age"), ",")
	member, _, _ = strings.Cut(member, ";")
	return parseSeconds(strings.TrimSpace(member)).duration()
}

// hasHeuristic reports whether a response with this status may be stored
// although it does not say so (RFC 9110 §15.1).
func hasHeuristic(status int) bool {
	switch status {
	case 200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501:
		return true
	}
	return false
}

func hasValidator(h http.Header) bool {
	return len(h["Etag"]) > 0 || len(h["Last-Modified"]) > 0
}
