package composer

import (
	"cmp"
	"hash/maphash"
	"net/http"
	"slices"
	"sort"

	"selvedge/composer/internal/header"
)

// group is a group of responses, those that were made from the same data, as a
// hash of its name: it is small, and should two groups ever be one, too much is
// dropped and never too little.
type group uint64

// groupSeed keeps those who choose names from choosing hashes.
var groupSeed = maphash.MakeSeed()

func groupOf(name string) group { return group(maphash.String(groupSeed, name)) }

// membership is that a response belongs to a group. The stored responses of a
// group are a list, in which none is twice.
type membership struct {
	group group
	// Under the cache's lock, of a stored response: its neighbors in the
	// group's list. The first has nobody before it.
	before, after *stored
}

// membershipsOf returns the groups that a header names, in their order.
func membershipsOf(h http.Header) []membership {
	names := header.CacheGroups(h)
	if len(names) == 0 {
		return nil
	}
	all := make([]membership, len(names))
	for i, name := range names {
		all[i].group = groupOf(name)
	}
	slices.SortFunc(all, func(a, b membership) int { return cmp.Compare(a.group, b.group) })
	return slices.CompactFunc(all, func(a, b membership) bool { return a.group == b.group })
}

// memberOf returns the membership in a group, nil if the response is not in it.
func (r *response) memberOf(g group) *membership {
	i := sort.Search(len(r.groups), func(i int) bool { return r.groups[i].group >= g })
	if i == len(r.groups) || r.groups[i].group != g {
		return nil
	}
	return &r.groups[i]
}

// index adds a stored response to its groups. The caller holds the lock.
func (c *cache) index(s *stored) {
	for i := range s.groups {
		m := &s.groups[i]
		if m.after = c.groups[m.group]; m.after != nil {
			m.after.memberOf(m.group).before = s
		}
		c.groups[m.group] = s
	}
}

// unindex takes a stored response out of its groups, if it is still in them.
// The caller holds the lock.
func (c *cache) unindex(s *stored) {
	for i := range s.groups {
		m := &s.groups[i]
		switch {
		case m.before != nil:
			m.before.memberOf(m.group).after = m.after
		case c.groups[m.group] != s:
			return
		case m.after != nil:
			c.groups[m.group] = m.after
		default:
			delete(c.groups, m.group)
		}
		if m.after != nil {
			m.after.memberOf(m.group).before = m.before
		}
		m.before, m.after = nil, nil
	}
}

// purge is an invalidation: of groups, of addresses, or of what a write was
// sent to.
type purge struct {
	groups    []string
	addresses *addressSet // nil: none
	target    key
	soft      bool // validate what is stored, and do not drop it
}

// hits reports whether a response is older than the purge that came while it
// was on its way.
func (p purge) hits(r *response) bool {
	if p.target.Target == r.Target || p.addresses.has(r.key) {
		return true
	}
	return slices.ContainsFunc(p.groups, func(name string) bool { return r.memberOf(groupOf(name)) != nil })
}

// invalidate drops stored responses or has them validated, and sees to it that
// no answer which is on its way takes their place. It returns how many there
// were.
func (c *cache) invalidate(p purge) int {
	n := c.invalidateNamed(p)
	if p.addresses != nil {
		n += c.invalidateMatching(p)
	}
	return n
}

// invalidateNamed is invalidate for what is found without a search.
func (c *cache) invalidateNamed(p purge) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	for f := range c.flights.all() {
		f.purges = append(f.purges, p)
	}
	n := 0
	for _, name := range p.groups {
		g := groupOf(name)
		var members []*stored
		for s := c.groups[g]; s != nil; s = s.memberOf(g).after {
			members = append(members, s)
		}
		for _, s := range members {
			c.expire(s, p.soft)
		}
		n += len(members)
	}
	return n + c.dropTarget(p.target)
}

// invalidateMatching searches all that is stored, and lets others use the cache
// meanwhile. What is stored after the search began was asked for after the
// purge.
func (c *cache) invalidateMatching(p purge) int {
	var keys []key
	for k := range c.entries.Keys() {
		if p.addresses.has(k) {
			keys = append(keys, k)
		}
	}
	n := 0
	for _, k := range keys {
		c.mu.Lock()
		for s := range c.lookup(k).all() {
			c.expire(s, p.soft)
			n++
		}
		c.mu.Unlock()
	}
	return n
}

// expire drops a stored response, or has it validated before it is used again.
// The caller holds the lock.
func (c *cache) expire(s *stored, soft bool) {
	if !soft {
		c.drop(s)
		return
	}
	c.unindex(s)
	e := c.lookup(s.key)
	variants := slices.Collect(e.all())
	i := slices.Index(variants, s)
	if i < 0 { // evicted
		return
	}
	expired := *s
	expired.reusable, expired.whileRevalidate, expired.ifError = false, 0, 0
	c.index(&expired)
	variants[i] = &expired
	c.set(s.key, variants, e.isPassing())
}

// dropTarget drops all stored responses to a request, and to the same request
// for an open page, which has no host (see Composer.Render).
func (c *cache) dropTarget(k key) int {
	dropped := 0
	for _, k := range []key{k, {k.Target, nobody}} {
		e := c.lookup(k)
		if k.Backend == nil || e == nil {
			continue
		}
		for s := range e.all() {
			c.unindex(s)
			dropped++
		}
		c.unset(k)
	}
	return dropped
}
