package composer

import (
	"net/http"
	"slices"
	"strings"
)

// membership is that a response belongs to a group: the data that it was made
// from. The stored responses of a group are a list, in which a response is
// found by the name: none is in a group twice.
type membership struct {
	group string
	// Under the cache's lock, of a stored response: its neighbors in the
	// group's list. The first has nobody before it.
	before, after *stored
}

// membershipsOf returns the groups that a header names. The names take no space
// of their own if they stand in its fields, as most do.
func membershipsOf(h http.Header, kept fields) []membership {
	names := groupsOf(h)
	if len(names) == 0 {
		return nil
	}
	all := make([]membership, len(names))
	for i, name := range names {
		if at := strings.Index(string(kept), name); at >= 0 {
			name = string(kept[at : at+len(name)])
		}
		all[i].group = name
	}
	return all
}

// groupNames returns the groups that the response belongs to.
func (r *response) groupNames() []string {
	var names []string
	for i := range r.groups {
		names = append(names, r.groups[i].group)
	}
	return names
}

// membership returns the one of a group, nil if the response is not in it.
func (r *response) membership(group string) *membership {
	for i := range r.groups {
		if r.groups[i].group == group {
			return &r.groups[i]
		}
	}
	return nil
}

// index adds a stored response to its groups. The caller holds the lock.
func (c *cache) index(s *stored) {
	for i := range s.groups {
		m := &s.groups[i]
		if m.after = c.groups[m.group]; m.after != nil {
			m.after.membership(m.group).before = s
		}
		c.groups[m.group] = s
	}
}

// unindex takes a stored response out of its groups, if it is still in them.
// The caller holds the lock.
func (c *cache) unindex(s *stored) {
	for i := range s.groups {
		m := &s.groups[i]
		var next *membership
		if m.after != nil {
			next = m.after.membership(m.group)
			next.before = m.before
		}
		switch {
		case m.before != nil:
			m.before.membership(m.group).after = m.after
		case c.groups[m.group] != s:
			return
		case next != nil:
			c.groups[next.group] = m.after // under its own name: the other one may go
		default:
			delete(c.groups, m.group)
		}
		m.before, m.after = nil, nil
	}
}

// purge is an invalidation: of groups, or of what a write was sent to.
type purge struct {
	groups []string
	target key
}

// hits reports whether a response is older than the purge that came while it
// was on its way.
func (p purge) hits(r *response) bool {
	if p.target.place == r.place {
		return true
	}
	return slices.ContainsFunc(p.groups, func(name string) bool { return r.membership(name) != nil })
}

// invalidate drops the stored responses of some groups, and sees to it that no
// answer which is on its way takes their place. It returns how many it
// dropped.
func (c *cache) invalidate(p purge) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	for f := range c.flights {
		f.purges = append(f.purges, p)
	}
	dropped := 0
	for _, name := range p.groups {
		for s := c.groups[name]; s != nil; s = c.groups[name] {
			c.drop(s)
			dropped++
		}
	}
	return dropped + c.dropTarget(p.target)
}

// dropTarget drops all stored responses to a request, and to the same request
// for an open page, which has no host (see Composer.Render).
func (c *cache) dropTarget(k key) int {
	dropped := 0
	for _, k := range []key{k, {k.place, nobody}} {
		e := c.lookup(k)
		if k.source == nil || e == nil {
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
