package hub

import "time"

// pageClaims are what pages say that a view is like, while no rendering of the hub
// is known to be later. A page that was composed of other stored responses
// than the hub's, or by another process, is as good a witness as the hub.
type pageClaims struct {
	latest Shown
	mixed  bool      // there are others, with other ETags
	asked  bool      // a fetch began after the last of them
	since  time.Time // of the next fetch; zero: nothing contradicts what the hub has
}

// withClaim returns the claims, which may be nil, with one more.
func (c *pageClaims) withClaim(s Shown) *pageClaims {
	if c == nil {
		return &pageClaims{latest: s}
	}
	c.asked = false
	c.mixed = c.mixed || c.latest.ETag != s.ETag
	if s.Date.After(c.latest.Date) {
		c.latest = s
	}
	return c
}

// fetchSince returns the time that the next fetch must not be older than.
func (c *pageClaims) fetchSince() (since time.Time) {
	if c != nil {
		since = c.since
	}
	return since
}

// markAsked notes that the claims are known to a fetch.
func (c *pageClaims) markAsked() {
	if c != nil {
		c.asked = true
	}
}

// contradicts says whether a page shows what may be later than r, and asks for
// a fetch that is not older than that page. A later revision has a fetch begin
// after it once.
func (c *pageClaims) contradicts(r *rendered) bool {
	if c == nil || !c.mixed && !r.mayPrecede(c.latest) || c.asked && !r.mayDateBefore(c.latest.Date) {
		return false
	}
	c.since = c.latest.Date
	return true
}

// otherEpochETag is the ETag of what a page of another epoch shows. It equals no
// other.
const otherEpochETag = "\x00"

// clearRevision keeps of s only what can be compared across epochs: that the
// page shows something, and its date.
func (s *Shown) clearRevision() {
	s.Revision, s.Epoch = 0, ""
	if s.ETag != "" {
		s.ETag = otherEpochETag
	}
}

// refetchIfNewer has a view fetched again if a page shows it in a way that may be
// later than the rendering of the hub, or in another epoch. Hub.mu is held.
func (h *Hub) refetchIfNewer(v *view, s Shown) {
	r := v.current.Load()
	switch {
	case s.ETag == "":
	case r == nil: // the fetch under way will be compared
		v.claims = v.claims.withClaim(s)
	case r.mayPrecede(s), s.Revision != 0 && s.Epoch != r.Epoch:
		v.claims = v.claims.withClaim(s)
		v.claims.since = v.claims.latest.Date
		h.refetchForClaim(v)
	}
}

// refetchInterval is the least time between two fetches of a view that pages
// cause. A fragment that differs at each rendering gives every page another
// ETag. Until the next fetch, connections hold the view back that contradict
// the rendering (see connection.compareWithPage), and all others are sent it.
const refetchInterval = time.Second

// refetchWait returns how long a page has to wait until it may cause a fetch.
// Hub.mu is held.
func (v *view) refetchWait() time.Duration {
	wait := refetchInterval - time.Since(time.Unix(0, v.refetchedAt))
	if wait > refetchInterval { // the clock was set back
		return 0
	}
	return wait
}

// refetchForClaim has a view fetched that a page contradicts. Hub.mu is held.
func (h *Hub) refetchForClaim(v *view) {
	if v.queued || v.fetching || v.refetchTimer != nil {
		return
	}
	if wait := v.refetchWait(); wait > 0 {
		v.refetchTimer = time.AfterFunc(wait, func() { h.endRefetchPause(v) })
		return
	}
	v.refetchedAt = time.Now().UnixNano()
	h.markStale(v, h.lastInvalidation)
}

// endRefetchPause fetches the view unless a fetch for another reason has answered
// what the pages claim.
func (h *Hub) endRefetchPause(v *view) {
	h.mu.Lock()
	defer h.mu.Unlock()
	v.refetchTimer = nil
	if !v.removed && v.claims != nil {
		h.refetchForClaim(v)
	}
}
