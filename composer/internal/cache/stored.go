package cache

import (
	"bytes"
	"net/http"
	"time"

	"selvedge/composer/internal/header"
)

// Stored is a response with its freshness, as it is stored. It is immutable, except for
// its places in the lists of its groups.
type Stored struct {
	Response
	freshness
}

// newStored returns a fetched response in its stored form.
func newStored(request *Request, r *Response, received time.Time) *Stored {
	sent, h := request.Header.Header(), r.raw
	if h == nil {
		h = r.Header.Header()
	}
	if !r.IsDocument() || r.IsTransformed() {
		header.RemoveCodingVary(h) // because the body has no content coding
	}
	s := &Stored{Response: *r, freshness: freshnessOf(sent, r.Status, h, received)}
	s.raw = nil
	overridden := s.applyTTL(request.TTL, sent, h)
	s.setSelection(header.VaryNames(h), sent, !overridden && s.isStorable && s.isReusable && isHeuristic(h))
	if s.isStorable && !s.IsTransformed() {
		s.Body = Clip(s.Body)
	}
	return s
}

// setSelection records the conditions that select the response for a request (RFC 9111
// §4.1): the values of the fields in Vary, and whether the request must have no
// credentials (see isHeuristic).
func (s *Stored) setSelection(vary []string, request http.Header, heuristic bool) {
	if len(vary) == 0 && !heuristic && (s.extra == nil || !s.extra.heuristic) {
		return
	}
	var all extra
	if s.extra != nil {
		all = *s.extra
	}
	all.vary, all.varied, all.heuristic = vary, header.SelectingValues(request, vary), heuristic
	s.extra = &all
}

// applyTTL replaces the freshness lifetime, and reports whether it was replaced. The
// author of a page cannot know the audience of a response. A TTL therefore never makes a
// private response shared:
//
//   - A response that may not be stored keeps this property: no-store, private,
//     Set-Cookie, Vary: *, and RFC 9111 §3.5 for a request with Authorization.
//   - A response to a request with Cookie is stored only if it is public, or has a
//     lifetime of its own and may be used without validation.
func (s *Stored) applyTTL(ttl time.Duration, request, h http.Header) bool {
	if ttl == 0 || !s.IsSuccess() || !s.isAllowed {
		return false
	}
	if len(request["Cookie"]) > 0 && (!s.isReusable || s.lifetime <= 0) {
		if d, _ := header.EffectiveCacheControl(h); !d.Public {
			return false
		}
	}
	s.freshness = freshness{isAllowed: true, isStorable: true, isReusable: true, isStrict: s.isStrict, lifetime: header.WholeSeconds(s.age(time.Now()) + ttl)}
	return true
}

// matches reports whether the response is selected for the request (RFC 9111 §4.1).
func (s *Stored) matches(request HeaderSource) bool {
	x := s.extra
	switch {
	case x == nil:
		return true
	case x.heuristic && hasCredentials(request.Header()):
		return false
	}
	return len(x.vary) == 0 || header.MatchesSelecting(request.Header(), x.vary, x.varied)
}

// age returns the age of the response (RFC 9111 §4.2.3). The age is negative if the clock
// was set back after the response was received.
func (s *Stored) age(now time.Time) time.Duration {
	age := now.UnixNano() - s.Policy.Born
	if age < 0 { // now may be from before the response was received
		age = time.Now().UnixNano() - s.Policy.Born
	}
	return time.Duration(age)
}

// remaining returns the remaining lifetime of the response. The lifetime is negative if
// the response is stale, or if its age is unknown.
func (s *Stored) remaining(now time.Time) time.Duration { return s.remainingAt(s.age(now)) }

func (s *Stored) remainingAt(age time.Duration) time.Duration {
	if age < 0 {
		return -1
	}
	return s.lifetime.Duration() - age
}

// isFresh reports whether the response may be used without validation.
func (s *Stored) isFresh(now time.Time) bool { return s.isUsable(now, 0) }

// isUsable reports whether the response is fresh, or has been stale for less than a time.
func (s *Stored) isUsable(now time.Time, stale time.Duration) bool {
	return s.isReusable && s.remaining(now) > -stale
}

// MustRevalidate reports whether the response forbids its use when stale (RFC 9111
// §4.2.4).
func (s *Stored) MustRevalidate() bool { return s.isStrict }

// Clip returns bytes with little unused capacity.
func Clip(b []byte) []byte {
	if len(b)+len(b)/8 < cap(b) {
		return bytes.Clone(b)
	}
	return b
}
