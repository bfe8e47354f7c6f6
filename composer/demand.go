package composer

import (
	"net/http"
	"strings"
	"time"

	"selvedge/composer/internal/header"
)

// demand is what a request says to caches: the directives of its Cache-Control
// field (RFC 9111 §5.2.1, RFC 5861 §4). The zero value demands nothing.
type demand struct {
	noCache, noStore, onlyIfCached bool

	limited  bool          // there is a maxAge
	maxAge   time.Duration // the answer may be no older
	minFresh time.Duration // it must be fresh for that long yet
	maxStale time.Duration // it may be stale for that long
	ifError  time.Duration // or for that long if the origin fails
}

// demandOf returns the demand of a request that counts. By default, directives
// that force a fetch do not: with no-cache, any visitor could have the origin
// asked as often as they like, past all that is stored.
func (c *Composer) demandOf(h http.Header) demand {
	if len(h["Cache-Control"]) == 0 && !c.options.ObeyRequestCacheControl {
		return demand{}
	}
	d := demandOf(h)
	if !c.options.ObeyRequestCacheControl {
		return demand{onlyIfCached: d.onlyIfCached, maxStale: d.maxStale, ifError: d.ifError}
	}
	if len(h["Cache-Control"]) == 0 && strings.EqualFold(strings.TrimSpace(header.First(h, "Pragma")), "no-cache") { // RFC 9111 §5.4
		d.noCache = true
	}
	return d
}

// demandOf reads the Cache-Control field of a request. What it does not
// understand says nothing, except for max-age and min-fresh, which then are as
// strict as they can be.
func demandOf(h http.Header) (d demand) {
	for _, line := range h["Cache-Control"] {
		for len(line) > 0 {
			var directive string
			directive, line = header.CutElement(line, ',')
			name, value, given := strings.Cut(directive, "=")
			d.set(strings.ToLower(strings.TrimSpace(name)), header.Unquote(strings.TrimSpace(value)), given)
		}
	}
	return d
}

func (d *demand) set(name, value string, given bool) {
	n := header.ParseSeconds(value)
	switch name {
	case "no-cache":
		d.noCache = true
	case "no-store":
		d.noStore = true
	case "only-if-cached":
		d.onlyIfCached = true
	case "max-age":
		if age := n.Duration(); !d.limited || age < d.maxAge {
			d.limited, d.maxAge = true, age
		}
	case "min-fresh":
		if n == header.Absent {
			n = header.MaxSeconds
		}
		d.minFresh = max(d.minFresh, n.Duration())
	case "max-stale":
		if !given { // any age (§5.2.1.2)
			n = header.MaxSeconds
		}
		d.maxStale = n.Duration()
	case "stale-if-error":
		d.ifError = n.Duration()
	}
}

// accepts reports whether a stored response will do for the request without
// asking for it again.
func (d demand) accepts(s *stored, now time.Time) bool {
	left := s.left(now)
	switch {
	case d.noCache, !s.reusable, d.limited && s.age(now) > d.maxAge:
		return false
	case left > 0:
		return left >= d.minFresh
	}
	return d.minFresh == 0 && !s.strict && left > -d.maxStale
}

// plain reports whether the answer of a fetch suits the request as it suits
// others for the same thing. It does if the request accepts more than they do.
func (d demand) plain() bool {
	d.maxStale, d.ifError = 0, 0
	return d == demand{}
}

// permits returns how long after it has become stale a response may be used
// when the origin fails: what it says itself, or the request.
func (d demand) permits(s *stored) time.Duration {
	if s.strict || !s.reusable {
		return s.ifError.Duration()
	}
	return max(s.ifError.Duration(), d.ifError)
}
