package cache

import (
	"net/http"
	"strings"
	"time"

	"selvedge/composer/internal/header"
)

// RequestDirectives are the cache directives of a request (RFC 9111 §5.2.1, RFC 5861 §4).
// The zero value has no directives.
type RequestDirectives struct {
	NoCache, NoStore, OnlyIfCached bool

	HasMaxAge    bool
	MaxAge       time.Duration // the highest age of a stored response, if HasMaxAge
	MinFresh     time.Duration // the minimum remaining lifetime of a stored response
	MaxStale     time.Duration // the longest staleness of a stored response
	StaleIfError time.Duration // the longest staleness if the source fails
}

// ParseRequestDirectives parses the Cache-Control field of a request. An unknown
// directive and an invalid value are ignored, except that an invalid max-age or min-fresh
// has the strictest value.
func ParseRequestDirectives(h http.Header) (d RequestDirectives) {
	for _, line := range h["Cache-Control"] {
		for len(line) > 0 {
			var directive string
			directive, line = header.CutElement(line, ',')
			name, value, hasValue := strings.Cut(directive, "=")
			d.set(strings.ToLower(strings.TrimSpace(name)), header.Unquote(strings.TrimSpace(value)), hasValue)
		}
	}
	return d
}

func (d *RequestDirectives) set(name, value string, hasValue bool) {
	n := header.ParseSeconds(value)
	switch name {
	case "no-cache":
		d.NoCache = true
	case "no-store":
		d.NoStore = true
	case "only-if-cached":
		d.OnlyIfCached = true
	case "max-age":
		if age := n.Duration(); !d.HasMaxAge || age < d.MaxAge {
			d.HasMaxAge, d.MaxAge = true, age
		}
	case "min-fresh":
		if n == header.Absent {
			n = header.MaxSeconds
		}
		d.MinFresh = max(d.MinFresh, n.Duration())
	case "max-stale":
		if !hasValue { // any age (§5.2.1.2)
			n = header.MaxSeconds
		}
		d.MaxStale = n.Duration()
	case "stale-if-error":
		d.StaleIfError = n.Duration()
	}
}

// Allow reports whether a stored response answers the request without a fetch.
func (d RequestDirectives) Allow(s *Stored, now time.Time) bool {
	remaining := s.remaining(now)
	switch {
	case d.NoCache, !s.isReusable, d.HasMaxAge && s.age(now) > d.MaxAge:
		return false
	case remaining > 0:
		return remaining >= d.MinFresh
	}
	return d.MinFresh == 0 && !s.isStrict && remaining > -d.MaxStale
}

// isShareable reports whether the request may share a fetch with requests without
// directives. It may if it accepts at least the responses accepted by those requests.
func (d RequestDirectives) isShareable() bool {
	d.MaxStale, d.StaleIfError = 0, 0
	return d == RequestDirectives{}
}

// staleIfError returns the longest staleness of the response if the source fails: the
// longer limit of the response and the request.
func (d RequestDirectives) staleIfError(s *Stored) time.Duration {
	if s.isStrict || !s.isReusable {
		return s.staleIfError.Duration()
	}
	return max(s.staleIfError.Duration(), d.StaleIfError)
}
