package composer

import "slices"

// index adds a stored response to its groups. The caller holds the lock.
func (c *cache) index(s *stored) {
	s.places = make([]int, len(s.groups))
	for i, name := range s.groups {
		s.places[i] = len(c.groups[name])
		c.groups[name] = append(c.groups[name], s)
	}
}

// unindex takes a stored response out of its groups, if it is still in them.
// The caller holds the lock.
func (c *cache) unindex(s *stored) {
	for i, name := range s.groups {
		if s.places == nil {
			return
		}
		members, place := c.groups[name], s.places[i]
		last := members[len(members)-1]
		members[place] = last
		last.places[slices.Index(last.groups, name)] = place
		members[len(members)-1] = nil
		if members = members[:len(members)-1]; len(members) == 0 {
			delete(c.groups, name)
		} else {
			c.groups[name] = members
		}
	}
	s.places = nil
}

// purge is an invalidation: of groups, or of what a write was sent to.
type purge struct {
	groups []string
	target key
}

// hits reports whether a response is older than the purge that came while it
// was on its way.
func (p purge) hits(k key, groups []string) bool {
	if p.target.source == k.source && p.target.target == k.target {
		return true
	}
	return slices.ContainsFunc(p.groups, func(name string) bool { return slices.Contains(groups, name) })
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
		for _, s := range slices.Clone(c.groups[name]) {
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
	for _, k := range []key{k, {source: k.source, target: k.target}} {
		e := c.lookup(k)
		if k.source == 0 || e == nil {
			continue
		}
		for _, s := range e.variants {
			c.unindex(s)
		}
		dropped += len(e.variants)
		c.unset(k)
	}
	return dropped
}
