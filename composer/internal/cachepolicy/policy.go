package cachepolicy

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"selvedge/composer/internal/header"
)

// Policy is what a response gives to the header of a page that shows it.
// It is computed once, when the response arrives, and does not change after
// that. It is small, since one lies beside every stored response.
type Policy struct {
	Flags  Flags
	varies fieldSet
	Views  byte // which headers it varies on, as a view
	// How old the response may become and be fresh, in seconds: for a browser,
	// and for a shared cache. Unlimited if it leaves that to others.
	lifetime, shared uint32
	modified         uint32               // Last-Modified in Unix seconds, unless undated
	Born             int64                // in Unix nanoseconds; its age is the time since then
	Validator        header.ValidatorHash // of its state, unless unvalidated
}

// Flags are a set of what can be said of a response.
type Flags uint16

const (
	// These hold for a page if one of its parts has them.
	Private  Flags = 1 << iota
	Personal       // it varies on who asks
	NoCache
	NoStore
	NoTransform
	MustRevalidate
	HasExpires  // it has that field
	SharedOnly  // it gives shared caches a lifetime, and browsers none
	Weak        // its bytes may change and its validator stay
	Unvalidated // nothing says whether it has changed
	Untagged    // it has no ETag
	Undated     // it has no Last-Modified

	// These hold for a page only if all of its parts have them.
	Public
	Immutable
)

func (t *Flags) set(trait Flags, has bool) {
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

// New returns what a response gives to its pages, as far as its
// header says it; setBody adds what its body does. The place tells it from
// others with the same validator, and born and received are those of a stored
// response.
//
// What counts is the Cache-Control field, since a page is for those behind us;
// the targeted fields were for us. Views are the bits of the fields in Vary that
// tell views apart, private those of a response that says so.
func New[T fmt.Stringer](at T, h http.Header, born, received time.Time, views func(vary []string, private bool) byte) Policy {
	d := header.ParseCacheControl(h["Cache-Control"])
	vary := header.VaryNames(h)
	c := Policy{lifetime: unlimited, shared: unlimited, Born: born.UnixNano(), Views: views(vary, d.Private)}
	c.setFreshness(h, d, received)
	c.setVary(vary)
	modified := header.First(h, "Last-Modified")
	setValidator(&c, at, header.First(h, "Etag"), modified)
	c.setModified(modified)
	return c
}

// setFreshness sets the lifetimes and the directives. A response that has no
// lifetime must be asked for each time, unless it is public: it fits into any
// page then, and lives as long as the others. A lifetime for shared caches
// lets them keep it, too (RFC 9111 §3.5).
func (c *Policy) setFreshness(h http.Header, d header.CacheControl, received time.Time) {
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
	c.Flags.set(Private, d.Private || len(h["Set-Cookie"]) > 0)
	c.Flags.set(NoCache, d.NoCache || c.shared == unlimited && !d.Public)
	c.Flags.set(NoStore, d.NoStore)
	c.Flags.set(NoTransform, d.NoTransform)
	c.Flags.set(MustRevalidate, d.MustRevalidate)
	c.Flags.set(HasExpires, expires)
	c.Flags.set(SharedOnly, c.lifetime == unlimited && c.shared != unlimited)
	c.Flags.set(Public, d.Public || d.SharedMaxAge != header.Absent)
	c.Flags.set(Immutable, d.Immutable)
}

// setVary keeps of Vary what can make two pages for the same address differ:
// what a fragment does not receive cannot change its answer.
func (c *Policy) setVary(vary []string) {
	for _, name := range vary {
		switch {
		case name == "*":
			c.Flags |= Personal | NoCache
		case isPersonalField(name):
			c.Flags |= Personal
		default:
			c.varies |= setOf(name)
		}
	}
}

func isPersonalField(name string) bool { return name == "Cookie" || name == "Authorization" }

// setValidator identifies the state of a response: by its ETag, or else by the
// time of its last change, which is a weak validator (RFC 9110 §8.8.2.2).
func setValidator[T fmt.Stringer](c *Policy, at T, etag, modified string) {
	validator := etag
	if etag == "" {
		validator = modified
		c.Flags |= Untagged | Weak
	}
	if validator == "" {
		c.Flags |= Unvalidated
		return
	}
	opaque, weak := strings.CutPrefix(validator, "W/")
	c.Flags.set(Weak, weak)
	c.Validator = header.AddText(header.AddText(header.EmptyHash, at.String()), opaque)
}

// SetBody says that the whole body is at hand: it identifies a response that
// has no ETag. One that streams through to a page does without.
func (c *Policy) SetBody(body []byte) {
	if c.Flags&Untagged != 0 {
		c.Flags &^= Weak | Unvalidated
		c.Validator = header.AddText(header.EmptyHash, body)
	}
}

// setModified sets the time of the last change, if it is one of the years 1970
// to 2106: what has another has a wrong clock.
func (c *Policy) setModified(field string) {
	modified, ok := header.ParseDate(field)
	c.modified = uint32(modified.Unix())
	c.Flags.set(Undated, !ok || int64(c.modified) != modified.Unix())
}
