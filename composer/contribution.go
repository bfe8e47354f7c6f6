package composer

import (
	"math"
	"net/http"
	"slices"
	"strings"
	"time"
)

// contribution is what a response gives to the header of a page that shows it.
// It is computed once, when the response has arrived, and never changes.
type contribution struct {
	traits traits
	// How old the response may become and be fresh, in seconds: for a browser,
	// and for a shared cache. Unlimited if it leaves that to others.
	lifetime, shared int64
	born             time.Time // its age is the time since then
	modified         int64     // Last-Modified in Unix seconds, unless undated
	date             string    // the same as a field has it
	validator        sum       // of its state, unless unvalidated
	// varies are the fields on which the response varies, of those that an
	// include receives from the page's request.
	varies []string
}

// traits are a set of what can be said of a response.
type traits uint16

const (
	// These hold for a page if one of its parts has them.
	isPrivate  traits = 1 << iota
	isPersonal        // it varies on who asks
	isNoCache
	isNoStore
	isNoTransform
	isMustRevalidate
	hasExpires    // it has that field
	sharedOnly    // it gives shared caches a lifetime, and browsers none
	isWeak        // its bytes may change and its validator stay
	isUnvalidated // nothing says whether it has changed
	isUndated     // it has no Last-Modified

	// These hold for a page only if all of its parts have them.
	isPublic
	isImmutable
)

func (t *traits) set(trait traits, has bool) {
	if has {
		*t |= trait
	}
}

// unlimited is a lifetime that is longer than all others.
const unlimited = math.MaxInt64 / 2

// contributionOf returns what a response gives to its pages. The resource
// tells it from others with the same validator, the body is nil if it is not
// at hand yet, and born and received are as in a stored response.
//
// What counts is the Cache-Control field, since a page is for those behind us;
// the targeted fields were for us.
func contributionOf(resource string, h http.Header, body []byte, born, received time.Time) contribution {
	c := contribution{lifetime: unlimited, shared: unlimited, born: born}
	c.setFreshness(h, parseCacheControl(h["Cache-Control"]), received)
	c.setVary(h)
	c.setValidator(resource, h, body)
	if modified, err := http.ParseTime(h.Get("Last-Modified")); err == nil {
		c.modified, c.date = modified.Unix(), modified.UTC().Format(http.TimeFormat)
	} else {
		c.traits |= isUndated
	}
	return c
}

// setFreshness sets the lifetimes and the directives. A response that has no
// lifetime must be asked for each time, unless it is public: it fits into any
// page then, and lives as long as the others. A lifetime for shared caches
// lets them keep it, too (RFC 9111 §3.5).
func (c *contribution) setFreshness(h http.Header, d directives, received time.Time) {
	expires := len(h["Expires"]) > 0
	switch {
	case d.maxAge != absent:
		c.lifetime = int64(d.maxAge)
	case expires:
		c.lifetime = int64(untilExpires(h, received) / time.Second)
	}
	c.shared = c.lifetime
	if d.sharedMaxAge != absent {
		c.shared = int64(d.sharedMaxAge)
	}
	// Set-Cookie is one visitor's, whatever the rest says.
	c.traits.set(isPrivate, d.private || len(h["Set-Cookie"]) > 0)
	c.traits.set(isNoCache, d.noCache || c.shared == unlimited && !d.public)
	c.traits.set(isNoStore, d.noStore)
	c.traits.set(isNoTransform, hasDirective(h, "no-transform"))
	c.traits.set(isMustRevalidate, d.mustRevalidate)
	c.traits.set(hasExpires, expires)
	c.traits.set(sharedOnly, c.lifetime == unlimited && c.shared != unlimited)
	c.traits.set(isPublic, d.public || d.sharedMaxAge != absent)
	c.traits.set(isImmutable, hasDirective(h, "immutable"))
}

// setVary keeps of Vary what can make two pages for the same address differ:
// what a fragment does not receive cannot change its answer.
func (c *contribution) setVary(h http.Header) {
	for _, name := range varyOf(h) {
		switch {
		case name == "*":
			c.traits |= isPersonal | isNoCache
		case isPersonalField(name):
			c.traits |= isPersonal
		case slices.Contains(includeHeaders, name):
			c.varies = append(c.varies, name)
		}
	}
}

func isPersonalField(name string) bool { return name == "Cookie" || name == "Authorization" }

// setValidator identifies the state of a response: by its ETag, or else by its
// bytes, or else by the time of its last change, which is a weak validator
// (RFC 9110 §8.8.2.2).
func (c *contribution) setValidator(resource string, h http.Header, body []byte) {
	etag, modified := h.Get("Etag"), h.Get("Last-Modified")
	opaque, weak := strings.CutPrefix(etag, "W/")
	switch {
	case etag != "":
		c.validator = addTo(addTo(newSum, resource), opaque)
		c.traits.set(isWeak, weak)
	case body != nil:
		c.validator = addTo(newSum, body)
	case modified != "":
		c.validator = addTo(addTo(newSum, resource), modified)
		c.traits |= isWeak
	default:
		c.traits |= isUnvalidated
	}
}

// hasDirective reports whether Cache-Control has a directive, whatever its
// value.
func hasDirective(h http.Header, name string) bool {
	for _, line := range h["Cache-Control"] {
		for len(line) > 0 {
			var directive string
			directive, line = cutElement(line, ',')
			found, _, _ := strings.Cut(directive, "=")
			if strings.EqualFold(strings.TrimSpace(found), name) {
				return true
			}
		}
	}
	return false
}
