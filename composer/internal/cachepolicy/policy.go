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

// Policy is the part of a response's header that its pages depend on. It is computed
// once, when the response arrives, and is then immutable. It is small, because every
// stored response has one.
type Policy struct {
	Flags  Flags
	varies fieldSet
	Views  byte // header fields that distinguish views, as bits
	// The age up to which the response is fresh, in seconds: in a browser, and in a
	// shared cache. It is unlimited if the response has no lifetime of its own.
	lifetime, shared uint32
	modified         uint32               // Last-Modified in Unix seconds, unless Undated
	Born             int64                // in Unix nanoseconds; its age is the time since then
	Validator        header.ValidatorHash // hash of the response's state, unless Unvalidated
}

// New returns the policy of a response with header h; SetBody adds the hash of its
// body.
//
//   - at is the response's address, which distinguishes it from other responses with
//     the same validator.
//   - born and received are the times when the response was made and when it arrived.
//   - views returns the bits of the fields in Vary that distinguish views; private
//     reports whether the response is private.
//
// Targeted fields are ignored, because they are for the composer: a page is for the
// caches in front of it, which obey Cache-Control.
func New[T fmt.Stringer](at T, h http.Header, born, received time.Time, views func(vary []string, private bool) byte) Policy {
	d := header.ParseCacheControl(h["Cache-Control"])
	vary := header.VaryNames(h)
	p := Policy{lifetime: unlimited, shared: unlimited, Born: born.UnixNano(), Views: views(vary, d.Private)}
	p.setFreshness(h, d, received)
	p.setVary(vary)
	modified := header.First(h, "Last-Modified")
	setValidator(&p, at, header.First(h, "Etag"), modified)
	p.setModified(modified)
	return p
}

// setFreshness sets the lifetimes and the directives. A response without a lifetime is
// no-cache unless it is public: a public one fits into any page, and is as fresh as
// the other parts. A lifetime for shared caches permits them to store the response
// (RFC 9111 §3.5), and so implies public.
func (p *Policy) setFreshness(h http.Header, d header.CacheControl, received time.Time) {
	expires := len(h["Expires"]) > 0
	switch {
	case d.MaxAge != header.Absent:
		p.lifetime = uint32(d.MaxAge)
	case expires:
		p.lifetime = uint32(min(header.ExpiresLifetime(h, received)/time.Second, time.Duration(header.MaxSeconds)))
	}
	p.shared = p.lifetime
	if d.SharedMaxAge != header.Absent {
		p.shared = uint32(d.SharedMaxAge)
	}
	// Set-Cookie is for one visitor, despite all directives.
	p.Flags.set(Private, d.Private || len(h["Set-Cookie"]) > 0)
	p.Flags.set(NoCache, d.NoCache || p.shared == unlimited && !d.Public)
	p.Flags.set(NoStore, d.NoStore)
	p.Flags.set(NoTransform, d.NoTransform)
	p.Flags.set(MustRevalidate, d.MustRevalidate)
	p.Flags.set(HasExpires, expires)
	p.Flags.set(SharedOnly, p.lifetime == unlimited && p.shared != unlimited)
	p.Flags.set(Public, d.Public || d.SharedMaxAge != header.Absent)
	p.Flags.set(Immutable, d.Immutable)
}

// setVary keeps the fields of Vary that can make two pages for the same address
// differ. A fragment's response cannot depend on a field that the fragment does not
// receive.
func (p *Policy) setVary(vary []string) {
	for _, name := range vary {
		switch {
		case name == "*":
			p.Flags |= Personal | NoCache
		case isPersonalField(name):
			p.Flags |= Personal
		default:
			p.varies |= setOf(name)
		}
	}
}

func isPersonalField(name string) bool { return name == "Cookie" || name == "Authorization" }

// setValidator hashes the validator of a response: its ETag, or else its
// Last-Modified, which is a weak validator (RFC 9110 §8.8.2.2).
func setValidator[T fmt.Stringer](p *Policy, at T, etag, modified string) {
	validator := etag
	if etag == "" {
		validator = modified
		p.Flags |= Untagged | Weak
	}
	if validator == "" {
		p.Flags |= Unvalidated
		return
	}
	opaque, weak := strings.CutPrefix(validator, "W/")
	p.Flags.set(Weak, weak)
	p.Validator = header.AddText(header.AddText(header.EmptyHash, at.String()), opaque)
}

// SetBody makes the hash of the whole body the validator of a response without an
// ETag. It is not called for a response that streams through to a page.
func (p *Policy) SetBody(body []byte) {
	if p.Flags&Untagged != 0 {
		p.Flags &^= Weak | Unvalidated
		p.Validator = header.AddText(header.EmptyHash, body)
	}
}

// setModified sets the time of Last-Modified, if it is in the years 1970 to 2106; a
// time outside is from a wrong clock.
func (p *Policy) setModified(field string) {
	modified, ok := header.ParseDate(field)
	p.modified = uint32(modified.Unix())
	p.Flags.set(Undated, !ok || int64(p.modified) != modified.Unix())
}

// Flags are a set of properties of a response.
type Flags uint16

const (
	// Flags of a page if any of its parts has them.
	Private  Flags = 1 << iota
	Personal       // varies on Cookie, Authorization or *
	NoCache
	NoStore
	NoTransform
	MustRevalidate
	HasExpires  // has Expires
	SharedOnly  // has a lifetime for shared caches, and none for browsers
	Weak        // bytes may change without a change of the validator
	Unvalidated // has no validator
	Untagged    // has no ETag
	Undated     // has no Last-Modified

	// Flags of a page only if all of its parts have them.
	Public
	Immutable
)

func (f *Flags) set(flag Flags, has bool) {
	if has {
		*f |= flag
	}
}

// fieldSet is a set of the fields on which a response varies, by their index in
// header.IncludeFields: an include receives only these fields from the page's request.
type fieldSet uint8

// setOf returns the set of one field, empty for a field that an include does not
// receive.
func setOf(field string) fieldSet {
	if i := slices.Index(header.IncludeFields, field); i >= 0 {
		return 1 << i
	}
	return 0
}

// unlimited is a lifetime longer than all others.
const unlimited = math.MaxUint32
