//go:build linux

package wsclient

import (
	"context"
	"time"

	"selvedge/cmd/bench/internal/workload"
)

// A Watch waits for pages to show a revision.
type Watch struct {
	Start time.Time
	Times []time.Duration // from the start until a page showed the revision, a time for each page

	revision int64
	views    int
}

// Expect starts to watch for a revision of the first views, which no page shows
// yet. It replaces an earlier watch.
func (s *Clients) Expect(revision int64, views int) *Watch {
	for i := range s.clients {
		s.clients[i].expected = 0
	}
	s.watch = &Watch{revision: revision, views: views, Times: make([]time.Duration, 0, len(s.clients))}
	s.watch.Start = time.Now()
	return s.watch
}

// Await waits until a number of pages show the expected revision, and ends the
// watch. The errors are those of [Clients.Run].
func (s *Clients) Await(ctx context.Context, limit time.Duration, pages int) error {
	w := s.watch
	defer func() { s.watch = nil }()
	return s.Run(ctx, limit, func() bool { return len(w.Times) >= pages })
}

// Showing returns the number of pages whose first view shows a revision.
func (s *Clients) Showing(revision int64) (n int) {
	for i := range s.clients {
		if s.clients[i].shown[0] == revision {
			n++
		}
	}
	return n
}

// updated notes an update to a revision that the page did not show.
func (w *Watch) updated(c *Client, u workload.Update) {
	if u.Revision != w.revision || u.View >= w.views {
		return
	}
	if c.expected++; c.expected == w.views {
		w.Times = append(w.Times, time.Since(w.Start))
	}
}
