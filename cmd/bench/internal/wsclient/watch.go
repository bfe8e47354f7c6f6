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
func (cs *Clients) Expect(revision int64, views int) *Watch {
	for i := range cs.clients {
		cs.clients[i].expected = 0
	}
	cs.watch = &Watch{revision: revision, views: views, Times: make([]time.Duration, 0, len(cs.clients))}
	cs.watch.Start = time.Now()
	return cs.watch
}

// Await waits until a number of pages show the expected revision, and ends the
// watch. The errors are those of [Clients.Run].
func (cs *Clients) Await(ctx context.Context, limit time.Duration, pages int) error {
	w := cs.watch
	defer func() { cs.watch = nil }()
	return cs.Run(ctx, limit, func() bool { return len(w.Times) >= pages })
}

// Showing returns the number of pages whose first view shows a revision.
func (cs *Clients) Showing(revision int64) (n int) {
	for i := range cs.clients {
		if cs.clients[i].shown[0] == revision {
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
