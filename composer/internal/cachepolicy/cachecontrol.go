package cachepolicy

import (
	"math"
	"strconv"

	"selvedge/composer/internal/header"
)

// restrictingDirectives are the directives that a page has if one of its parts has
// them.
var restrictingDirectives = [...]struct {
	traits    Flags
	directive string
}{
	{Private | Personal, ", private"},
	{NoCache, ", no-cache"},
	{NoStore, ", no-store"},
	{NoTransform, ", no-transform"},
	{MustRevalidate, ", must-revalidate"},
}

// appendCacheControl appends the directives of a page: the strictest that its
// parts have.
func (m *Combined) appendCacheControl(b []byte) []byte {
	begin := len(b)
	if m.shareable() && m.all&Public != 0 {
		b = append(b, ", public"...)
	}
	for _, r := range restrictingDirectives {
		if m.Any&r.traits != 0 {
			b = append(b, r.directive...)
		}
	}
	maxAge, ok := m.maxAge()
	if ok {
		b = strconv.AppendInt(append(b, ", max-age="...), maxAge, 10)
	}
	if shared, also := m.sharedMaxAge(); also && (!ok || shared != maxAge) {
		b = strconv.AppendInt(append(b, ", s-maxage="...), shared, 10)
	}
	if m.reusable() && m.all&Immutable != 0 {
		b = append(b, ", immutable"...)
	}
	return append(b[:begin], b[min(begin+len(", "), len(b)):]...)
}

// reusable reports whether the page may be shown again without a question.
func (m *Combined) reusable() bool { return m.Any&(NoCache|NoStore) == 0 }

// shareable reports whether it may be shown to others without one.
func (m *Combined) shareable() bool {
	return m.reusable() && m.Any&(Private|Personal) == 0
}

// maxAge is the page's max-age. It is not ok if there is none.
//
// Beside a part that gives shared caches alone a lifetime, those of other parts
// say nothing of the page. Where a browser could guess one from Last-Modified
// (RFC 9111 §4.2.2), it is 0, since its guess could be longer than they allow.
func (m *Combined) maxAge() (seconds int64, ok bool) {
	switch {
	case !m.reusable() || m.lifetime == endless:
		return 0, false
	case m.Any&SharedOnly != 0:
		return 0, m.Any&Undated == 0
	}
	return m.withAge(m.lifetime), true
}

// sharedMaxAge is the page's s-maxage. It is not ok if there is none.
func (m *Combined) sharedMaxAge() (seconds int64, ok bool) {
	if !m.shareable() || m.shared == endless {
		return 0, false
	}
	return m.withAge(m.shared), true
}

// endless is what is left of an unlimited lifetime.
const endless = math.MaxInt64

// remaining is what is left of a lifetime at an age, negative if it is over.
func remaining(lifetime uint32, age int64) int64 {
	if lifetime == unlimited {
		return endless
	}
	return int64(lifetime) - age
}

// withAge is the lifetime, counted from the page's age, of which so much is
// left.
func (m *Combined) withAge(left int64) int64 {
	return min(max(left+m.age, 0), int64(header.MaxSeconds))
}
