package cache

import (
	"net/http"
	"slices"
	"time"

	"selvedge/composer/internal/header"
)

// maxHeuristic limits a heuristic freshness lifetime.
const maxHeuristic = 24 * time.Hour

// freshness is the permission of a response to a shared cache.
type freshness struct {
	isAllowed  bool           // may be stored, useful or not
	isStorable bool           // may be stored, and is useful
	isReusable bool           // may be used without validation while fresh
	isStrict   bool           // must not be used stale on request (RFC 9111 §4.2.4)
	lifetime   header.Seconds // the freshness lifetime

	// Limits of the staleness in two cases (RFC 5861): while the response is fetched
	// again, and if this fetch fails.
	staleWhileRevalidate, staleIfError header.Seconds
}

// IsStorable reports whether a shared cache may store a response to a GET request, and
// gains from storing the response.
func IsStorable(request http.Header, status int, h http.Header) bool {
	return freshnessOf(request, status, h, time.Now()).isStorable
}

// freshnessOf returns the freshness of a response to a GET request.
func freshnessOf(request http.Header, status int, h http.Header, received time.Time) freshness {
	d, targeted := header.EffectiveCacheControl(h)
	f := freshness{isReusable: !d.NoCache, isStrict: d.MustRevalidate || d.SharedMaxAge != header.Absent}
	explicit := d.Public
	switch {
	case d.SharedMaxAge != header.Absent:
		f.lifetime, explicit = d.SharedMaxAge, true
	case d.MaxAge != header.Absent:
		f.lifetime, explicit = d.MaxAge, true
	case !targeted && len(h["Expires"]) > 0:
		f.lifetime, explicit = header.WholeSeconds(header.ExpiresLifetime(h, received)), true
	case d.Public || hasHeuristic(status) && !hasCredentials(request):
		f.lifetime = header.WholeSeconds(heuristicLifetime(h, received))
	}
	if f.isReusable && !d.MustRevalidate {
		f.staleWhileRevalidate, f.staleIfError = max(d.StaleWhileRevalidate, 0), max(d.StaleIfError, 0)
	}
	useful := f.lifetime > 0 || f.staleWhileRevalidate > 0 || f.staleIfError > 0 ||
		(explicit || d.NoCache) && header.HasValidator(h)
	f.isAllowed = mayStore(request, status, h, d)
	f.isStorable = useful && f.isAllowed
	return f
}

// mayStore reports whether a shared cache may store a response (RFC 9111 §3).
func mayStore(request http.Header, status int, h http.Header, d header.CacheControl) bool {
	understood := hasHeuristic(status)
	noStore := d.NoStore
	if d.MustUnderstand {
		noStore = !understood // §5.2.2.3
	}
	switch {
	case noStore, d.Private, status == http.StatusPartialContent, status == http.StatusNotModified:
		return false
	case len(h["Set-Cookie"]) > 0: // for a single client, despite all directives
		return false
	case len(request["Authorization"]) > 0: // §3.5
		return d.Public || d.MustRevalidate || d.SharedMaxAge != header.Absent
	}
	return !slices.Contains(header.VaryNames(h), "*")
}

// HasLifetime reports whether a response has an explicit freshness lifetime.
func HasLifetime(h http.Header) bool {
	d, targeted := header.EffectiveCacheControl(h)
	return d.MaxAge != header.Absent || d.SharedMaxAge != header.Absent || !targeted && len(h["Expires"]) > 0
}

// isHeuristic reports whether a response has only a heuristic lifetime and is not public.
// Such a response is stored and used only for requests without credentials, because
// Last-Modified does not limit the audience of a response.
func isHeuristic(h http.Header) bool {
	if len(h["Last-Modified"]) == 0 || HasLifetime(h) {
		return false
	}
	d, _ := header.EffectiveCacheControl(h)
	return !d.Public
}

// hasCredentials reports whether a request identifies its user.
func hasCredentials(request http.Header) bool {
	return len(request["Cookie"]) > 0 || len(request["Authorization"]) > 0
}

// heuristicLifetime returns the lifetime of a response without an explicit lifetime: a
// tenth of the time since its last change (RFC 9111 §4.2.2), at most maxHeuristic.
func heuristicLifetime(h http.Header, received time.Time) time.Duration {
	modified, ok := header.ParseDate(header.First(h, "Last-Modified"))
	if !ok {
		return 0
	}
	return min(max(header.Date(h, received).Sub(modified)/10, 0), maxHeuristic)
}

// hasHeuristic reports whether a response with this status may have a heuristic lifetime
// (RFC 9110 §15.1).
func hasHeuristic(status int) bool {
	switch status {
	case 200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501:
		return true
	}
	return false
}
