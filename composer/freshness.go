package composer

import (
	"net/http"
	"slices"
	"time"

	"selvedge/composer/internal/header"
)

// maxHeuristic bounds the lifetime of a response that gives none.
const maxHeuristic = 24 * time.Hour

// terms are what a response says about its use by a shared cache.
type terms struct {
	allowed  bool           // to be stored, whether or not that is of use
	storable bool           // allowed, and of use
	reusable bool           // without asking the fragment, while it is fresh
	strict   bool           // never stale because a request says so (RFC 9111 §4.2.4)
	lifetime header.Seconds // how old it may become and be fresh
	// How long after that it may be used, while it is fetched again and if
	// that fails (RFC 5861).
	whileRevalidate, ifError header.Seconds
}

// termsOf returns the terms of a response to a GET request.
func termsOf(request http.Header, status int, h http.Header, received time.Time) terms {
	d, targeted := header.EffectiveCacheControl(h)
	t := terms{reusable: !d.NoCache, strict: d.MustRevalidate || d.SharedMaxAge != header.Absent}
	explicit := d.Public
	switch {
	case d.SharedMaxAge != header.Absent:
		t.lifetime, explicit = d.SharedMaxAge, true
	case d.MaxAge != header.Absent:
		t.lifetime, explicit = d.MaxAge, true
	case !targeted && len(h["Expires"]) > 0:
		t.lifetime, explicit = header.WholeSeconds(header.ExpiresLifetime(h, received)), true
	case d.Public || hasHeuristic(status) && !hasCredentials(request):
		t.lifetime = header.WholeSeconds(heuristic(h, received))
	}
	if t.reusable && !d.MustRevalidate {
		t.whileRevalidate, t.ifError = max(d.StaleWhileRevalidate, 0), max(d.StaleIfError, 0)
	}
	useful := t.lifetime > 0 || t.whileRevalidate > 0 || t.ifError > 0 ||
		(explicit || d.NoCache) && header.HasValidator(h)
	t.allowed = mayStore(request, status, h, d)
	t.storable = useful && t.allowed
	return t
}

// mayStore reports whether RFC 9111 §3 lets a shared cache store a response.
func mayStore(request http.Header, status int, h http.Header, d header.CacheControl) bool {
	understood := hasHeuristic(status)
	noStore := d.NoStore
	if d.MustUnderstand {
		noStore = !understood // §5.2.2.3
	}
	switch {
	case noStore, d.Private, status == http.StatusPartialContent, status == http.StatusNotModified:
		return false
	case len(h["Set-Cookie"]) > 0: // one visitor's, whatever the rest says
		return false
	case len(request["Authorization"]) > 0: // §3.5
		return d.Public || d.MustRevalidate || d.SharedMaxAge != header.Absent
	}
	return !slices.Contains(header.VaryNames(h), "*")
}

// isExplicit reports whether a response says itself how long it is fresh.
func isExplicit(h http.Header) bool {
	d, targeted := header.EffectiveCacheControl(h)
	return d.MaxAge != header.Absent || d.SharedMaxAge != header.Absent || !targeted && len(h["Expires"]) > 0
}

// isHeuristic reports whether a response has no other lifetime than that of
// heuristic, and does not say that it is public. Such a response answers only
// requests without credentials, and is stored only for these: Last-Modified
// alone says nothing about whom a page is for.
func isHeuristic(h http.Header) bool {
	if len(h["Last-Modified"]) == 0 || isExplicit(h) {
		return false
	}
	d, _ := header.EffectiveCacheControl(h)
	return !d.Public
}

// hasCredentials reports whether a request says who asks.
func hasCredentials(request http.Header) bool {
	return len(request["Cookie"]) > 0 || len(request["Authorization"]) > 0
}

// heuristic is the lifetime of a response that gives none: a tenth of the time
// for which it has not changed (RFC 9111 §4.2.2).
func heuristic(h http.Header, received time.Time) time.Duration {
	modified, ok := header.ParseDate(header.First(h, "Last-Modified"))
	if !ok {
		return 0
	}
	return min(max(header.Date(h, received).Sub(modified)/10, 0), maxHeuristic)
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
