package cachepolicy

import (
	"net/http"
	"strconv"
	"time"

	"selvedge/composer/internal/header"
)

// Combined computes the caching fields of a page from its parts: the strictest part
// wins. Start is called first, then the methods for parts in the order of the page,
// and AppendHeader at the end. The order affects only the ETag. It is not safe for
// concurrent use.
//
//   - A page is fresh as long as all of its parts are fresh.
//   - Age is the age of the oldest part, in whole seconds rounded down (RFC 9111
//     §5.1).
//   - max-age is Age plus the shortest remaining freshness of a part, so that the
//     difference of max-age and Age is right for every part; a page of a template
//     alone keeps both. s-maxage is computed alike, from the max-age of a part without
//     s-maxage.
//   - private, no-cache, no-store, no-transform and must-revalidate hold if any part
//     has them; public and immutable if all parts have them.
//   - stale-while-revalidate and stale-if-error (RFC 5861) hold for parts and are not
//     combined.
type Combined struct {
	template *Policy
	Composed bool  // the page has more parts than its template
	now      int64 // in Unix nanoseconds
	reused   bool  // a part is from the cache

	Any, all         Flags                // flags of any part, and of all parts
	age              int64                // of the oldest part, in seconds
	lifetime, shared int64                // shortest remaining lifetimes, in seconds
	modified         uint32               // latest Last-Modified of a part, in Unix seconds
	hash             header.ValidatorHash // hash of the parts' validators
}

// Kinds of values in the hash of a page.
const (
	kindPart = iota + 1
	kindText
	kindChoice
	kindFailure
)

// Start starts a page with its template. reused reports whether the template is from
// the cache.
func (c *Combined) Start(template *Policy, now time.Time, reused bool) {
	*c = Combined{template: template, now: now.UnixNano(), all: ^Flags(0), lifetime: endless, shared: endless, hash: header.EmptyHash}
	c.combine(template, reused)
	c.Any &^= Personal // the page has the template's Vary
}

// Add adds a fragment, or a template inside the page's template.
func (c *Combined) Add(part *Policy, reused bool) {
	c.Composed = true
	c.combine(part, reused)
	c.vary(part.varies)
}

func (c *Combined) combine(part *Policy, reused bool) {
	c.Any |= part.Flags
	c.all &= part.Flags
	c.reused = c.reused || reused
	age := max(c.now-part.Born, 0) / int64(time.Second)
	c.age = max(c.age, age)
	c.lifetime = min(c.lifetime, remaining(part.lifetime, age))
	c.shared = min(c.shared, remaining(part.shared, age))
	if part.Flags&Undated == 0 {
		c.modified = max(c.modified, part.modified)
	}
	c.hash = c.hash.AddNumber(kindPart).AddNumber(uint64(part.Validator))
}

// AddText adds the value of a variable in the page. The page then has no
// Last-Modified, because no date says when the value changed.
func (c *Combined) AddText(text string) {
	c.Composed = true
	c.Any |= Undated
	c.hash = header.AddText(c.hash.AddNumber(kindText), text)
}

// AddChoice adds the choice among several texts of a template: the number of the
// branch of a choose, or -1 for none.
func (c *Combined) AddChoice(branch int) {
	c.Composed = true
	c.Any |= Undated
	c.hash = c.hash.AddNumber(kindChoice).AddNumber(uint64(branch))
}

// AddFailure adds a failed include, whose place is taken by its content, by the except
// of its try, or by nothing. The page becomes no-cache, because the next page may be
// complete. It is also called before the Add of an alt.
func (c *Combined) AddFailure() {
	c.Composed = true
	c.Any |= Undated | NoCache
	c.hash = c.hash.AddNumber(kindFailure)
}

// AddUnknown adds a part whose policy is unknown when the header is sent.
func (c *Combined) AddUnknown() {
	c.Composed = true
	c.Any |= Undated | Unvalidated | Private | NoCache
}

// DependOn adds a request field, in canonical form, on which a variable or a branch of
// the page depends. The page becomes private, unless the template has the field in its
// Vary. The page also becomes private for a field that is not in header.IncludeFields,
// such as Cookie, because such a field identifies the visitor.
func (c *Combined) DependOn(field string) {
	c.Composed = true
	if set := setOf(field); set != 0 {
		c.vary(set)
	} else {
		c.Any |= Private
	}
}

func (c *Combined) vary(fields fieldSet) {
	if fields&^c.template.varies != 0 {
		c.Any |= Private
	}
}

// KeepPrivate makes the page private and no-cache, because it contains data of the
// visitor.
func (c *Combined) KeepPrivate() {
	c.Composed = true
	c.Any |= Private | NoCache
}

// Weaken makes the ETag weak, because the page's bytes may change without a change of
// a part.
func (c *Combined) Weaken() {
	c.Composed = true
	c.Any |= Weak
}

// LastModified returns the page's Last-Modified, or the zero Time if any part has
// none.
func (c *Combined) LastModified() time.Time {
	if c.Any&Undated != 0 {
		return time.Time{}
	}
	return time.Unix(int64(c.modified), 0)
}

// templateFields are kept by a page of a template alone. A page of several parts has
// its own Date, because it was made when it was composed (RFC 9110 §6.6.1).
var templateFields = []string{"Cache-Control", "Date", "Etag", "Expires", "Last-Modified"}

// AppendHeader appends Age, Cache-Control, ETag, Expires and Last-Modified of a page
// to v. A field that page has already stays. A page of a template alone gets the
// fields of the template's header.
func (c *Combined) AppendHeader(v *header.Builder, page http.Header, template header.Compact) {
	v.Text = c.appendAge(v.Text)
	v.EndField("Age", header.IfAbsent)
	if !c.Composed {
		for _, name := range templateFields {
			if values := template.Values(name); len(values) > 0 && page[name] == nil {
				page[name] = values
			}
		}
		return
	}
	v.Text = c.appendCacheControl(v.Text)
	v.EndField("Cache-Control", header.IfAbsent)
	v.Text = c.appendETag(v.Text)
	v.EndField("Etag", header.IfAbsent)
	v.Text = c.appendExpires(v.Text)
	v.EndField("Expires", header.IfAbsent)
	if modified := c.LastModified(); !modified.IsZero() {
		v.Text = modified.UTC().AppendFormat(v.Text, http.TimeFormat)
	}
	v.EndField("Last-Modified", header.IfAbsent)
}

// appendAge appends the Age of a page with a part from a cache: the composer's, or a
// cache behind the composer that sent Age.
func (c *Combined) appendAge(b []byte) []byte {
	if !c.reused && c.age == 0 {
		return b
	}
	return strconv.AppendInt(b, c.age, 10)
}

// appendETag appends the page's ETag: the hash of the validators of all parts, and of
// the shown texts and choices, in order.
func (c *Combined) appendETag(b []byte) []byte {
	if c.Any&Unvalidated != 0 {
		return b
	}
	return c.hash.AppendETag(b, c.Any&Weak != 0)
}

// appendExpires appends the page's Expires, if any part has the field.
func (c *Combined) appendExpires(b []byte) []byte {
	lifetime, ok := c.maxAge()
	if !ok || c.Any&HasExpires == 0 {
		return b
	}
	rest := max(lifetime-c.age, 0) * int64(time.Second)
	return time.Unix(0, c.now+rest).UTC().AppendFormat(b, http.TimeFormat)
}
