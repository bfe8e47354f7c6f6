//go:build linux

package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"selvedge/cmd/bench/internal/workload"
)

// measureJitter cuts the connections of all pages again and again while what
// they show changes, and looks whether each is right in the end. It takes a
// minute, so it is done in one round only.
func (b *bench) measureJitter(ctx context.Context) error {
	if b.jittered != nil {
		return nil
	}
	if err := b.rendered(); err != nil {
		return err
	}
	if err := b.swarm.connect(ctx, b.connections, b.server.Greeting, workload.DefaultViews, 0); err != nil {
		return err
	}
	b.jittered = &jitter{jitterPlan: b.jitter, pages: b.connections}
	b.swarm.atOnce = b.connections
	err := b.watched("jitter", time.Duration(b.jittered.changes)*b.jittered.gap, func() error { return b.changeUnderJitter(ctx) })
	if err != nil {
		return err
	}
	if err := b.settleJitter(ctx); err != nil {
		return err
	}
	b.jittered.backwards = b.swarm.backwards
	b.Require(b.jittered.cuts > 0 && len(b.jittered.fresh) > 0, "the jitter cut nothing")
	return nil
}

// look is how often connections are looked at that are to be cut.
const look = 20 * time.Millisecond

// changeUnderJitter changes a view by the clock, whoever is there.
func (b *bench) changeUnderJitter(ctx context.Context) error {
	s := b.swarm
	s.jitter, s.returning = b.jittered, true
	defer func() { s.jitter, s.returning = nil, false }()
	s.startJitter(time.Now())
	next := time.Now()
	for range s.jitter.changes {
		b.revision++
		call := b.server.Go("Change", workload.Change{Views: 1, Revision: b.revision, Size: workload.ViewSize})
		next = next.Add(s.jitter.gap)
		for now := time.Now(); now.Before(next); now = time.Now() {
			s.cutDue(now)
			if err := s.run(ctx, min(look, next.Sub(now)), nil); err != nil {
				return err
			}
		}
		if err := call.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// settleJitter waits until all pages are there and right.
func (b *bench) settleJitter(ctx context.Context) error {
	s := b.swarm
	s.returning = true
	err := s.run(ctx, returnTime, func() bool { return s.open == b.connections && s.showing(b.revision) == b.connections })
	s.returning = false
	if errors.Is(err, errTime) {
		err = nil
	}
	b.jittered.right = float64(s.showing(b.revision)) / float64(b.connections)
	return err
}

// showing counts the pages whose first view is of a revision.
func (s *swarm) showing(revision int64) (n int) {
	for i := range s.clients {
		if s.clients[i].shows[0] == revision {
			n++
		}
	}
	return n
}

// startJitter decides when each connection is cut for the first time.
func (s *swarm) startJitter(now time.Time) {
	for i := range s.clients {
		s.clients[i].cut = now.Add(time.Duration(rand.Float64() * float64(s.jitter.online)))
	}
}

// cutDue cuts the connections whose time has come, as a network does that is
// gone: by a reset. The pages are offline for a while.
func (s *swarm) cutDue(now time.Time) {
	for i := range s.clients {
		c := &s.clients[i]
		if c.state != open || now.Before(c.cut) {
			continue
		}
		s.jitter.cuts++
		s.drop(c)
		s.dialAt(c, now.Add(s.jitter.offline+rand.N(s.jitter.offline/4)))
	}
}

// asks notes that a client has sent its handshake.
func (j *jitter) asks(c *client) {
	if j != nil {
		c.asked = time.Now()
	}
}

// opens notes that a client is connected, and decides for how long.
func (j *jitter) opens(c *client) {
	if j != nil {
		spread := float64(j.online) * 2 / 3
		c.cut = time.Now().Add(j.online*2/3 + time.Duration(rand.Float64()*spread))
	}
}

// sees notes an update.
func (j *jitter) sees(c *client, twice bool) {
	if j == nil {
		return
	}
	if !c.asked.IsZero() {
		j.fresh = append(j.fresh, time.Since(c.asked))
		c.asked = time.Time{}
	}
	if twice {
		j.twice++
	}
}
