//go:build linux

package main

import (
	"context"
	"time"

	"selvedge/cmd/bench/internal/workload"
)

// A watch waits for all pages to show a revision of their first views.
type watch struct {
	revision int64
	views    int
	start    time.Time
	times    []time.Duration // from the start until a page did
}

// expect starts to wait for a revision that no page shows yet.
func (s *swarm) expect(revision int64, views int) *watch {
	for i := range s.clients {
		s.clients[i].right = 0
	}
	s.watch = &watch{revision: revision, views: views, times: make([]time.Duration, 0, len(s.clients))}
	s.watch.start = time.Now()
	return s.watch
}

// see notes that a view shows something else.
func (w *watch) see(c *client, u workload.Update) {
	if u.Revision != w.revision || u.View >= w.views {
		return
	}
	if c.right++; c.right == w.views {
		w.times = append(w.times, time.Since(w.start))
	}
}

// arrive waits until so many pages show what is expected.
func (s *swarm) arrive(ctx context.Context, limit time.Duration, pages int) error {
	w := s.watch
	defer func() { s.watch = nil }()
	return s.run(ctx, limit, func() bool { return len(w.times) >= pages })
}
