package systemundertest

import (
	"log/slog"
	"net/http"
	"os"
	"time"

	"selvedge/cmd/bench/internal/workload"
	"selvedge/hub"
	"selvedge/static"
)

// A hubSystem is the hub with the options of the shop, and pages that cost
// nothing to render.
type hubSystem struct {
	hub   *hub.Hub
	pages *hubPages
}

// newHubSystem returns a hub whose views have a revision. Clients that do not
// read for the duration of a stall are dropped.
func newHubSystem(revision int64, stall time.Duration) (*hubSystem, error) {
	p := new(hubPages)
	p.setFirst(workload.MaxViews, viewContent{revision: revision, size: workload.ViewSize})
	h, err := hub.New(p, hub.Options{
		PerSession: 20,
		PerAddress: 1 << 20, // the clients share a few addresses
		Views:      64,
		Actions:    http.NotFoundHandler(),
		Stall:      stall,
		// At the level Info each end of a connection is logged, and by no peer.
		Logger: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	return &hubSystem{h, p}, err
}

// ServeHTTP serves the hub at /live, the client script, and the page of the
// browser at all other paths.
func (h *hubSystem) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/live":
		h.hub.ServeHTTP(w, r)
	case static.Has(r.URL.Path):
		static.Handler().ServeHTTP(w, r)
	default:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(h.pages.document(h.hub.Epoch()))
	}
}

// Change changes the views and invalidates their groups.
func (h *hubSystem) Change(c workload.Change) {
	content := viewContent{c.Revision, c.Size}
	if c.Session != "" {
		const last = workload.DefaultViews - 1
		h.pages.set(last, content)
		h.hub.Invalidate(group(last) + ":" + c.Session)
		return
	}
	h.pages.setFirst(c.Views, content)
	groups := make([]string, c.Views)
	for i := range groups {
		groups[i] = group(i)
	}
	h.hub.Invalidate(groups...)
}

// Renders returns the number of fragments that the hub has fetched.
func (h *hubSystem) Renders() int64 { return h.pages.fetches.Load() }
