package cache

import (
	"cmp"
	"hash/maphash"
	"net/http"
	"slices"
	"sort"

	"selvedge/composer/internal/header"
)

// group is the hash of a group's name. The hash takes less memory than the name. If two
// names had the same hash, an invalidation of one group would drop the responses of both.
type group uint64

// groupSeed prevents the choice of names with equal hashes.
var groupSeed = maphash.MakeSeed()

func groupOf(name string) group { return group(maphash.String(groupSeed, name)) }

// membership is the membership of a response in a group. The stored responses of a group
// form a list without duplicates.
type membership struct {
	group group
	// The neighbors of a stored response in the list of the group, under the lock of the
	// cache. The first response has a nil before.
	before, after *Stored
}

// membershipsOf returns the groups in a header (RFC 9875 §2), sorted.
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

// memberOf returns the membership of the response in a group, or nil.
func (r *Response) memberOf(g group) *membership {
	i := sort.Search(len(r.groups), func(i int) bool { return r.groups[i].group >= g })
	if i == len(r.groups) || r.groups[i].group != g {
		return nil
	}
	return &r.groups[i]
}

// index adds a stored response to its groups. The caller holds the lock.
func (c *Cache) index(s *Stored) {
	for i := range s.groups {
		m := &s.groups[i]
		if m.after = c.groups[m.group]; m.after != nil {
			m.after.memberOf(m.group).before = s
		}
		c.groups[m.group] = s
	}
}

// unindex removes a stored response from its groups, if the groups still contain the
// response. The caller holds the lock.
func (c *Cache) unindex(s *Stored) {
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

// Purge selects the responses of an invalidation:
//
//   - the responses in Groups,
//   - the responses for Target,
//   - the responses with a key that Matches.
type Purge struct {
	Groups  []string
	Target  Key            // zero: none
	Matches func(Key) bool // nil: none

	// Soft keeps the responses selected by Groups and Matches, and has them validated
	// before their next use. The responses for Target are dropped in any case.
	Soft bool
}

// matches reports whether the purge selects a response fetched at the time of the purge.
func (p Purge) matches(r *Response) bool {
	if p.Target.Target == r.Target || p.Matches != nil && p.Matches(r.Key) {
		return true
	}
	return slices.ContainsFunc(p.Groups, func(name string) bool { return r.memberOf(groupOf(name)) != nil })
}

// Invalidate drops stored responses, or has them validated, and returns their number. A
// fetch started before does not store its response if the purge selects the response.
func (c *Cache) Invalidate(p Purge) int {
	n := c.invalidateNamed(p)
	if p.Matches != nil {
		n += c.invalidateMatching(p)
	}
	return n
}

// invalidateNamed invalidates the responses found without a search.
func (c *Cache) invalidateNamed(p Purge) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	for f := range c.fetches.all() {
		f.purges = append(f.purges, p)
	}
	n := 0
	for _, name := range p.Groups {
		g := groupOf(name)
		var members []*Stored
		for s := c.groups[g]; s != nil; s = s.memberOf(g).after {
			members = append(members, s)
		}
		for _, s := range members {
			c.expire(s, p.Soft)
		}
		n += len(members)
	}
	return n + c.dropTarget(p.Target)
}

// invalidateMatching searches all keys. It searches without the lock of the cache,
// because a response stored during the search was fetched after the purge.
func (c *Cache) invalidateMatching(p Purge) int {
	var keys []Key
	for k := range c.entries.Keys() {
		if p.Matches(k) {
			keys = append(keys, k)
		}
	}
	n := 0
	for _, k := range keys {
		c.mu.Lock()
		for s := range c.entry(k).all() {
			c.expire(s, p.Soft)
			n++
		}
		c.mu.Unlock()
	}
	return n
}

// expire drops a stored response. With soft, expire keeps the response and has it
// validated before its next use. The caller holds the lock.
func (c *Cache) expire(s *Stored, soft bool) {
	if !soft {
		c.drop(s)
		return
	}
	c.unindex(s)
	e := c.entry(s.Key)
	variants := slices.Collect(e.all())
	i := slices.Index(variants, s)
	if i < 0 { // evicted
		return
	}
	expired := *s
	expired.isReusable, expired.staleWhileRevalidate, expired.staleIfError = false, 0, 0
	c.index(&expired)
	variants[i] = &expired
	c.replace(s.Key, variants, e.isHitForMiss())
}

// dropTarget drops all stored responses of a key, and the responses for its target
// without a scope. The caller holds the lock.
func (c *Cache) dropTarget(k Key) int {
	dropped := 0
	for _, k := range []Key{k, {k.Target, NoScope}} {
		e := c.entry(k)
		if k.Backend == nil || e == nil {
			continue
		}
		for s := range e.all() {
			c.unindex(s)
			dropped++
		}
		c.delete(k)
	}
	return dropped
}
