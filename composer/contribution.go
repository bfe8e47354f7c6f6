package composer

import (
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"selvedge/composer/internal/header"
)

// contribution is what a response gives to the header of a page that shows it.
// It is computed once, when the response arrives, and does not change after
// that. It is small, since one lies beside every stored response.
type contribution struct {
	traits   traits
	varies   fieldSet
	variance byte // which headers it varies on, as a view
	// How old the response may become and be fresh, in seconds: for a browser,
	// and for a shared cache. Unlimited if it leaves that to others.
	lifetime, shared uint32
	modified         uint32               // Last-Modified in Unix seconds, unless undated
	born             int64                // in Unix nanoseconds; its age is the time since then
	validator        header.ValidatorHash // of its state, unless unvalidated
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
	isUntagged    // it has no ETag
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

// fieldSet are the fields on which a response varies, of header.IncludeFields and by
// their place there: an include receives no others from the page's request.
type fieldSet uint8

// setOf returns the set with one field, empty if an include does not receive
// it.
func setOf(field string) fieldSet {
	if i := slices.Index(header.IncludeFields, field); i >= 0 {
		return 1 << i
	}
	return 0
}

// unlimited is a lifetime that is longer than all others.
const unlimited = math.MaxUint32

// contributionOf returns what a response gives to its pages, as far as its
// header says it; setBody adds what its body does. The place tells it from
// others with the same validator, and born and received are those of a stored
// response.
//
// What counts is the Cache-Control field, since a page is for those behind us;
// the targeted fields were for us.
func contributionOf(at place, h http.Header, born, received time.Time) contribution {
	d := header.ParseCacheControl(h["Cache-Control"])
	vary := header.VaryNames(h)
	c := contribution{lifetime: unlimited, shared: unlimited, born: born.UnixNano(), variance: variance(vary, d.Private)}
	c.setFreshness(h, d, received)
	c.setVary(vary)
	modified := header.First(h, "Last-Modified")
	c.setValidator(at, header.First(h, "Etag"), modified)
	c.setModified(modified)
	return c
}

// setFreshness sets the lifetimes and the directives. A response that has no
// lifetime must be asked for each time, unless it is public: it fits into any
// page then, and lives as long as the others. A lifetime for shared caches
// lets them keep it, too (RFC 9111 §3.5).
func (c *contribution) setFreshness(h http.Header, d header.CacheControl, received time.Time) {
	expires := len(h["Expires"]) > 0
	switch {
	case d.MaxAge != header.Absent:
		c.lifetime = uint32(d.MaxAge)
	case expires:
		c.lifetime = uint32(min(header.UntilExpires(h, received)/time.Second, time.Duration(header.MaxSeconds)))
	}
	c.shared = c.lifetime
	if d.SharedMaxAge != header.Absent {
		c.shared = uint32(d.SharedMaxAge)
	}
	// Set-Cookie is one visitor's, whatever the rest says.
	c.traits.set(isPrivate, d.Private || len(h["Set-Cookie"]) > 0)
	c.traits.set(isNoCache, d.NoCache || c.shared == unlimited && !d.Public)
	c.traits.set(isNoStore, d.NoStore)
	c.traits.set(isNoTransform, d.NoTransform)
	c.traits.set(isMustRevalidate, d.MustRevalidate)
	c.traits.set(hasExpires, expires)
	c.traits.set(sharedOnly, c.lifetime == unlimited && c.shared != unlimited)
	c.traits.set(isPublic, d.Public || d.SharedMaxAge != header.Absent)
	c.traits.set(isImmutable, d.Immutable)
}

// setVary keeps of Vary what can make two pages for the same address differ:
// what a fragment does not receive cannot change its answer.
func (c *contribution) setVary(vary []string) {
	for _, name := range vary {
		switch {
		case name == "*":
			c.traits |= isPersonal | isNoCache
		case isPersonalField(name):
			c.traits |= isPersonal
		default:
			c.varies |= setOf(name)
		}
	}
}

func isPersonalField(name string) bool { return name == "Cookie" || name == "Authorization" }

// setValidator identifies the state of a response: by its ETag, or else by the
// time of its last change, which is a weak validator (RFC 9110 §8.8.2.2).
func (c *contribution) setValidator(at place, etag, modified string) {
	validator := etag
	if etag == "" {
		validator = modified
		c.traits |= isUntagged | isWeak
	}
	if validator == "" {
		c.traits |= isUnvalidated
		return
	}
	opaque, weak := strings.CutPrefix(validator, "W/")
	c.traits.set(isWeak, weak)
	c.validator = header.AddText(header.AddText(header.EmptyHash, at.String()), opaque)
}

// setBody says that the whole body is at hand: it identifies a response that
// has no ETag. One that streams through to a page does without.
func (c *contribution) setBody(body []byte) {
	if c.traits&isUntagged != 0 {
		c.traits &^= isWeak | isUnvalidated
		c.validator = header.AddText(header.EmptyHash, body)
	}
}

// setModified sets the time of the last change, if it is one of the years 1970
// to 2106: what has another has a wrong clock.
func (c *contribution) setModified(field string) {
	modified, ok := header.ParseDate(field)
	c.modified = uint32(modified.Unix())
	c.traits.set(isUndated, !ok || int64(c.modified) != modified.Unix())
}
