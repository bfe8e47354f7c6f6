package cachepolicy

import (
	"net/http"
	"strconv"
	"time"

	"selvedge/composer/internal/header"
)

// Combined is the header of a page as its parts make it: the strictest of them
// wins. begin is called first, then the other methods in the order in which
// the parts stand in the page, and appendHeader at the end. The order matters to
// the ETag alone. It must not be used by several goroutines at once.
//
// A page is fresh as long as all of its parts are. Its Age is that of the
// oldest part, and max-age is this Age and the shortest time for which a part
// is fresh yet; s-maxage likewise, where a part without it counts with its
// max-age. So what max-age leaves after Age is right for every part, and a
// template alone keeps both. Ages are whole seconds, rounded down as in Age
// (RFC 9111 §5.1).
//
// Private, no-cache, no-store, no-transform and must-revalidate hold if one
// part says so; public and immutable if all do. The windows of RFC 5861 are
// those of the parts and not of the page.
type Combined struct {
	template *Policy
	Composed bool  // there is more in the page than its template
	now      int64 // in Unix nanoseconds
	reused   bool  // a part came out of the cache

	Any, all         Flags                // what some parts have, and what all have
	age              int64                // of the oldest part, in seconds
	lifetime, shared int64                // the shortest times that are left, in seconds
	modified         uint32               // the last change of any part, in Unix seconds
	sum              header.ValidatorHash // of the validators of the parts
}

// What comes next in the sum of a page.
const (
	isAPart = iota + 1
	isAText
	isAChoice
	isAFailure
)

// Start begins a page with its template, of which reused says that it came out
// of the cache.
func (m *Combined) Start(template *Policy, now time.Time, reused bool) {
	*m = Combined{template: template, now: now.UnixNano(), all: ^Flags(0), lifetime: endless, shared: endless, sum: header.EmptyHash}
	m.combine(template, reused)
	m.Any &^= Personal // the page has the template's Vary
}

// Add adds a fragment, or a template in the page's template.
func (m *Combined) Add(c *Policy, reused bool) {
	m.Composed = true
	m.combine(c, reused)
	m.vary(c.varies)
}

func (m *Combined) combine(c *Policy, reused bool) {
	m.Any |= c.Flags
	m.all &= c.Flags
	m.reused = m.reused || reused
	age := max(m.now-c.Born, 0) / int64(time.Second)
	m.age = max(m.age, age)
	m.lifetime = min(m.lifetime, remaining(c.lifetime, age))
	m.shared = min(m.shared, remaining(c.shared, age))
	if c.Flags&Undated == 0 {
		m.modified = max(m.modified, c.modified)
	}
	m.sum = m.sum.AddNumber(isAPart).AddNumber(uint64(c.Validator))
}

// AddText adds what a variable stands for in the page. No date says when that
// changed.
func (m *Combined) AddText(text string) {
	m.Composed = true
	m.Any |= Undated
	m.sum = header.AddText(m.sum.AddNumber(isAText), text)
}

// AddChoice adds that the page shows one of several texts of a template: the
// branch of a choose by its number, or none with -1.
func (m *Combined) AddChoice(branch int) {
	m.Composed = true
	m.Any |= Undated
	m.sum = m.sum.AddNumber(isAChoice).AddNumber(uint64(branch))
}

// AddFailure adds that an include has failed and that its content, or nothing,
// or the except of its try stands in its place. A page is not kept like that:
// the next one may be whole. The same is called before the add of an alt.
func (m *Combined) AddFailure() {
	m.Composed = true
	m.Any |= Undated | NoCache
	m.sum = m.sum.AddNumber(isAFailure)
}

// AddUnknown adds a part of which nothing is known when the header leaves.
func (m *Combined) AddUnknown() {
	m.Composed = true
	m.Any |= Undated | Unvalidated | Private | NoCache
}

// DependOn says that the page depends on a field of its request, named in
// canonical form: a variable or a branch does. No shared cache may keep the
// page then, unless the template says in Vary that such pages are to be told
// apart. A field that tells who asks makes the page private all the same.
func (m *Combined) DependOn(field string) {
	m.Composed = true
	if set := setOf(field); set != 0 {
		m.vary(set)
	} else {
		m.Any |= Private
	}
}

func (m *Combined) vary(fields fieldSet) {
	if fields&^m.template.varies != 0 {
		m.Any |= Private
	}
}

// KeepPrivate makes the page one for a single browser, which has to ask for it
// each time: it has something in it that is the visitor's.
func (m *Combined) KeepPrivate() {
	m.Composed = true
	m.Any |= Private | NoCache
}

// Weaken says that the page's bytes may differ where no part does.
func (m *Combined) Weaken() {
	m.Composed = true
	m.Any |= Weak
}

// LastModified is the page's Last-Modified, zero if it has none: one part
// without it is enough.
func (m *Combined) LastModified() time.Time {
	if m.Any&Undated != 0 {
		return time.Time{}
	}
	return time.Unix(int64(m.modified), 0)
}

// templateFields are the fields that a template alone keeps. A page of more was made when
// it was put together, which is its Date (RFC 9110 §6.6.1).
var templateFields = []string{"Cache-Control", "Date", "Etag", "Expires", "Last-Modified"}

// AppendHeader appends Age, Cache-Control, ETag, Expires and Last-Modified of a
// page, which yield to what the site has set already. With nothing in the page
// but its template they are those of the template's header.
func (m *Combined) AppendHeader(v *header.Builder, page http.Header, template header.Compact) {
	v.Text = m.appendAge(v.Text)
	v.EndField("Age", header.IfAbsent)
	if !m.Composed {
		for _, name := range templateFields {
			if values := template.Values(name); len(values) > 0 && page[name] == nil {
				page[name] = values
			}
		}
		return
	}
	v.Text = m.appendCacheControl(v.Text)
	v.EndField("Cache-Control", header.IfAbsent)
	v.Text = m.appendETag(v.Text)
	v.EndField("Etag", header.IfAbsent)
	v.Text = m.appendExpires(v.Text)
	v.EndField("Expires", header.IfAbsent)
	if modified := m.LastModified(); !modified.IsZero() {
		v.Text = modified.UTC().AppendFormat(v.Text, http.TimeFormat)
	}
	v.EndField("Last-Modified", header.IfAbsent)
}

// appendAge appends the age of a page that has something out of the cache, or
// of which another cache has said that it is old.
func (m *Combined) appendAge(b []byte) []byte {
	if !m.reused && m.age == 0 {
		return b
	}
	return strconv.AppendInt(b, m.age, 10)
}

// appendETag appends the composite ETag: of the validators of all parts and of
// what variables and branches show, in their order.
func (m *Combined) appendETag(b []byte) []byte {
	if m.Any&Unvalidated != 0 {
		return b
	}
	return m.sum.AppendETag(b, m.Any&Weak != 0)
}

// appendExpires appends when the page becomes stale, if a part says so in this
// way.
func (m *Combined) appendExpires(b []byte) []byte {
	lifetime, ok := m.maxAge()
	if !ok || m.Any&HasExpires == 0 {
		return b
	}
	rest := max(lifetime-m.age, 0) * int64(time.Second)
	return time.Unix(0, m.now+rest).UTC().AppendFormat(b, http.TimeFormat)
}
