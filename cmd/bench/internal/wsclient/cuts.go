//go:build linux

package wsclient

import (
	"math/rand/v2"
	"time"
)

// A CutPlan says how long connections last while they are cut.
type CutPlan struct {
	Online  time.Duration // until a connection is cut, give or take a third
	Offline time.Duration // until its page comes back, or up to a quarter longer
}

// CutStats are the result of a time in which connections were cut.
type CutStats struct {
	Cuts     int
	CatchUps []time.Duration // from each handshake until the first update
	Repeated int             // updates to the revision that the page showed
}

// cutting is the state of connections that are cut. Methods of nil do nothing.
type cutting struct {
	plan  CutPlan
	stats CutStats
}

// StartCuts chooses for each connection when it is cut for the first time.
// [Clients.CutDue] cuts it.
func (cs *Clients) StartCuts(p CutPlan) {
	cs.cuts = &cutting{plan: p}
	now := time.Now()
	for i := range cs.clients {
		cs.clients[i].cutAt = now.Add(time.Duration(rand.Float64() * float64(p.Online)))
	}
}

// CutDue resets the connections that are due, as a failed network does, and has
// their pages come back after a while.
func (cs *Clients) CutDue(now time.Time) {
	for i := range cs.clients {
		c := &cs.clients[i]
		if c.state != connected || now.Before(c.cutAt) {
			continue
		}
		cs.cuts.stats.Cuts++
		cs.drop(c)
		cs.dialAt(c, now.Add(cs.cuts.plan.Offline+rand.N(cs.cuts.plan.Offline/4)))
	}
}

// StopCuts leaves connections alone again. Pages that are offline come back.
func (cs *Clients) StopCuts() CutStats {
	stats := cs.cuts.stats
	cs.cuts = nil
	return stats
}

// handshakeSent starts the time until the first update.
func (k *cutting) handshakeSent(c *Client) {
	if k != nil {
		c.asked = time.Now()
	}
}

// opened chooses how long an open connection lasts.
func (k *cutting) opened(c *Client) {
	if k != nil {
		spread := float64(k.plan.Online) * 2 / 3
		c.cutAt = time.Now().Add(k.plan.Online*2/3 + time.Duration(rand.Float64()*spread))
	}
}

// updated notes an update.
func (k *cutting) updated(c *Client, repeated bool) {
	if k == nil {
		return
	}
	if !c.asked.IsZero() {
		k.stats.CatchUps = append(k.stats.CatchUps, time.Since(c.asked))
		c.asked = time.Time{}
	}
	if repeated {
		k.stats.Repeated++
	}
}
