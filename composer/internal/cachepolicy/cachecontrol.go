package cachepolicy

import (
	"math"
	"strconv"

	"selvedge/composer/internal/header"
)

// restrictingDirectives are the directives that a page has if any of its parts has
// them.
var restrictingDirectives = [...]struct {
	flags     Flags
	directive string
}{
	{Private | Personal, ", private"},
	{NoCache, ", no-cache"},
	{NoStore, ", no-store"},
	{NoTransform, ", no-transform"},
	{MustRevalidate, ", must-revalidate"},
}

// appendCacheControl appends the Cache-Control of a page: the strictest directives of
// its parts.
func (c *Combined) appendCacheControl(b []byte) []byte {
	begin := len(b)
	if c.shareable() && c.all&Public != 0 {
		b = append(b, ", public"...)
	}
	for _, r := range restrictingDirectives {
		if c.Any&r.flags != 0 {
			b = append(b, r.directive...)
		}
	}
	maxAge, ok := c.maxAge()
	if ok {
		b = strconv.AppendInt(append(b, ", max-age="...), maxAge, 10)
	}
	if shared, also := c.sharedMaxAge(); also && (!ok || shared != maxAge) {
		b = strconv.AppendInt(append(b, ", s-maxage="...), shared, 10)
	}
	if c.reusable() && c.all&Immutable != 0 {
		b = append(b, ", immutable"...)
	}
	return append(b[:begin], b[min(begin+len(", "), len(b)):]...)
}

// reusable reports whether the page may be reused without revalidation.
func (c *Combined) reusable() bool { return c.Any&(NoCache|NoStore) == 0 }

// shareable reports whether a shared cache may reuse the page without revalidation.
func (c *Combined) shareable() bool {
	return c.reusable() && c.Any&(Private|Personal) == 0
}

// maxAge returns the page's max-age. It is not ok without one.
//
// If a part has a lifetime for shared caches alone, the lifetimes of the other parts
// do not hold for the page in a browser. The page then has no max-age, or 0 if a
// browser could derive a lifetime from Last-Modified (RFC 9111 §4.2.2), because a
// heuristic lifetime may be longer than the parts allow.
func (c *Combined) maxAge() (seconds int64, ok bool) {
	switch {
	case !c.reusable() || c.lifetime == endless:
		return 0, false
	case c.Any&SharedOnly != 0:
		return 0, c.Any&Undated == 0
	}
	return c.withAge(c.lifetime), true
}

// sharedMaxAge returns the page's s-maxage. It is not ok without one.
func (c *Combined) sharedMaxAge() (seconds int64, ok bool) {
	if !c.shareable() || c.shared == endless {
		return 0, false
	}
	return c.withAge(c.shared), true
}

// endless is the rest of an unlimited lifetime.
const endless = math.MaxInt64

// remaining returns the rest of a lifetime at an age, in seconds; negative for a stale
// part.
func remaining(lifetime uint32, age int64) int64 {
	if lifetime == unlimited {
		return endless
	}
	return int64(lifetime) - age
}

// withAge returns the lifetime, counted from the page's age, with the given rest.
func (c *Combined) withAge(left int64) int64 {
	return min(max(left+c.age, 0), int64(header.MaxSeconds))
}
