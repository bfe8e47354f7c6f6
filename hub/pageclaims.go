package hub

import "time"

// pageClaims are the states of a view shown by pages, while no rendering of the
// hub is known to be later. A page composed of stored responses unknown to the
// hub, or by another process, is as good a witness as the hub.
type pageClaims struct {
	latest Shown
	mixed  bool      // there are claims with different ETags
	asked  bool      // a fetch began after the last claim
	since  time.Time // of the next fetch; zero: no claim contradicts the hub's rendering
}

// withClaim returns the claims with s added. The receiver may be nil.
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

// fetchSince returns the earliest time from which the next fetch may be.
func (c *pageClaims) fetchSince() (since time.Time) {
	if c != nil {
		since = c.since
	}
	return since
}

// markAsked records the start of a fetch.
func (c *pageClaims) markAsked() {
	if c != nil {
		c.asked = true
	}
}

// contradicts reports whether a page may show a later rendering than r, and has
// the next fetch be no older than the page. A later revision alone causes a
// single fetch that begins after the claim.
func (c *pageClaims) contradicts(r *rendered) bool {
	if c == nil || !c.mixed && !r.mayPrecede(c.latest) || c.asked && !r.mayDateBefore(c.latest.Date) {
		return false
	}
	c.since = c.latest.Date
	return true
}

// otherEpochETag replaces the ETags of pages of another epoch. It differs from
// every ETag.
const otherEpochETag = "\x00"

// clearRevision keeps only the parts of s that are comparable across epochs:
// whether the page shows the view, and its date.
func (s *Shown) clearRevision() {
	s.Revision, s.Epoch = 0, ""
	if s.ETag != "" {
		s.ETag = otherEpochETag
	}
}

// refetchIfNewer has a view fetched again if a page's rendering
//   - may be later than the hub's, or
//   - has a revision of another epoch.
//
// The caller holds Hub.mu.
func (h *Hub) refetchIfNewer(v *view, s Shown) {
	r := v.current.Load()
	switch {
	case s.ETag == "":
	case r == nil: // the fetch in progress will be compared
		v.claims = v.claims.withClaim(s)
	case r.mayPrecede(s), s.Revision != 0 && s.Epoch != r.Epoch:
		v.claims = v.claims.withClaim(s)
		v.claims.since = v.claims.latest.Date
		h.refetchForClaim(v)
	}
}

// refetchInterval is the least time between two fetches of a view caused by
// pages, because a fragment that differs at each rendering gives every page
// another ETag. Until the next fetch, connections that contradict the rendering
// are not sent the view (see connection.compareWithPage); the remaining
// connections are.
const refetchInterval = time.Second

// refetchWait returns the time until a page may cause a fetch. The caller holds
// Hub.mu.
func (v *view) refetchWait() time.Duration {
	wait := refetchInterval - time.Since(time.Unix(0, v.refetchedAt))
	if wait > refetchInterval { // the clock was set back
		return 0
	}
	return wait
}

// refetchForClaim has a view fetched for a page that contradicts the rendering.
// The caller holds Hub.mu.
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

// endRefetchPause fetches the view, unless another fetch has resolved the
// claims meanwhile.
func (h *Hub) endRefetchPause(v *view) {
	h.mu.Lock()
	defer h.mu.Unlock()
	v.refetchTimer = nil
	if !v.removed && v.claims != nil {
		h.refetchForClaim(v)
	}
}
