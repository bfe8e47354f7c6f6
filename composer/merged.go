package composer

import (
	"net/http"
	"strconv"
	"time"

	"selvedge/composer/internal/header"
)

// merged is the header of a page as its parts make it: the strictest of them
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
type merged struct {
	template *contribution
	composed bool  // there is more in the page than its template
	now      int64 // in Unix nanoseconds
	reused   bool  // a part came out of the cache

	some, all        traits               // what some parts have, and what all have
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

// begin begins a page with its template, of which reused says that it came out
// of the cache.
func (m *merged) begin(template *contribution, now time.Time, reused bool) {
	*m = merged{template: template, now: now.UnixNano(), all: ^traits(0), lifetime: endless, shared: endless, sum: header.EmptyHash}
	m.merge(template, reused)
	m.some &^= isPersonal // the page has the template's Vary
}

// add adds a fragment, or a template in the page's template.
func (m *merged) add(c *contribution, reused bool) {
	m.composed = true
	m.merge(c, reused)
	m.vary(c.varies)
}

func (m *merged) merge(c *contribution, reused bool) {
	m.some |= c.traits
	m.all &= c.traits
	m.reused = m.reused || reused
	age := max(m.now-c.born, 0) / int64(time.Second)
	m.age = max(m.age, age)
	m.lifetime = min(m.lifetime, left(c.lifetime, age))
	m.shared = min(m.shared, left(c.shared, age))
	if c.traits&isUndated == 0 {
		m.modified = max(m.modified, c.modified)
	}
	m.sum = m.sum.AddNumber(isAPart).AddNumber(uint64(c.validator))
}

// addText adds what a variable stands for in the page. No date says when that
// changed.
func (m *merged) addText(text string) {
	m.composed = true
	m.some |= isUndated
	m.sum = header.AddText(m.sum.AddNumber(isAText), text)
}

// addChoice adds that the page shows one of several texts of a template: the
// branch of a choose by its number, or none with -1.
func (m *merged) addChoice(branch int) {
	m.composed = true
	m.some |= isUndated
	m.sum = m.sum.AddNumber(isAChoice).AddNumber(uint64(branch))
}

// addFailure adds that an include has failed and that its content, or nothing,
// or the except of its try stands in its place. A page is not kept like that:
// the next one may be whole. The same is called before the add of an alt.
func (m *merged) addFailure() {
	m.composed = true
	m.some |= isUndated | isNoCache
	m.sum = m.sum.AddNumber(isAFailure)
}

// addUnknown adds a part of which nothing is known when the header leaves.
func (m *merged) addUnknown() {
	m.composed = true
	m.some |= isUndated | isUnvalidated | isPrivate | isNoCache
}

// dependOn says that the page depends on a field of its request, named in
// canonical form: a variable or a branch does. No shared cache may keep the
// page then, unless the template says in Vary that such pages are to be told
// apart. A field that tells who asks makes the page private all the same.
func (m *merged) dependOn(field string) {
	m.composed = true
	if set := setOf(field); set != 0 {
		m.vary(set)
	} else {
		m.some |= isPrivate
	}
}

func (m *merged) vary(fields fieldSet) {
	if fields&^m.template.varies != 0 {
		m.some |= isPrivate
	}
}

// keepPrivate makes the page one for a single browser, which has to ask for it
// each time: it has something in it that is the visitor's.
func (m *merged) keepPrivate() {
	m.composed = true
	m.some |= isPrivate | isNoCache
}

// weaken says that the page's bytes may differ where no part does.
func (m *merged) weaken() {
	m.composed = true
	m.some |= isWeak
}

// modifiedAt is the page's Last-Modified, zero if it has none: one part
// without it is enough.
func (m *merged) modifiedAt() time.Time {
	if m.some&isUndated != 0 {
		return time.Time{}
	}
	return time.Unix(int64(m.modified), 0)
}

// kept are the fields that a template alone keeps. A page of more was made when
// it was put together, which is its Date (RFC 9110 §6.6.1).
var kept = []string{"Cache-Control", "Date", "Etag", "Expires", "Last-Modified"}

// appendHeader appends Age, Cache-Control, ETag, Expires and Last-Modified of a
// page, which yield to what the site has set already. With nothing in the page
// but its template they are those of the template's header.
func (m *merged) appendHeader(v *header.Builder, page http.Header, template header.Compact) {
	v.Text = m.appendAge(v.Text)
	v.EndField("Age", header.IfAbsent)
	if !m.composed {
		for _, name := range kept {
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
	if modified := m.modifiedAt(); !modified.IsZero() {
		v.Text = modified.UTC().AppendFormat(v.Text, http.TimeFormat)
	}
	v.EndField("Last-Modified", header.IfAbsent)
}

// appendAge appends the age of a page that has something out of the cache, or
// of which another cache has said that it is old.
func (m *merged) appendAge(b []byte) []byte {
	if !m.reused && m.age == 0 {
		return b
	}
	return strconv.AppendInt(b, m.age, 10)
}

// appendETag appends the composite ETag: of the validators of all parts and of
// what variables and branches show, in their order.
func (m *merged) appendETag(b []byte) []byte {
	if m.some&isUnvalidated != 0 {
		return b
	}
	return m.sum.AppendETag(b, m.some&isWeak != 0)
}

// appendExpires appends when the page becomes stale, if a part says so in this
// way.
func (m *merged) appendExpires(b []byte) []byte {
	lifetime, ok := m.maxAge()
	if !ok || m.some&hasExpires == 0 {
		return b
	}
	rest := max(lifetime-m.age, 0) * int64(time.Second)
	return time.Unix(0, m.now+rest).UTC().AppendFormat(b, http.TimeFormat)
}
