package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"time"

	"selvedge/cmd/bench/internal/peers"
	"selvedge/cmd/bench/internal/process"
	"selvedge/cmd/bench/internal/workload"
	"selvedge/hub"
	"selvedge/static"
)

// A subject is a server that is measured.
type subject interface {
	http.Handler

	// Change sends a change to all pages.
	Change(c workload.Change)

	// Renders counts what was rendered since the start.
	Renders() int64
}

// The subjects, as the server process is told.
const (
	hubSubject   = "hub"
	naiveSubject = "naive"
)

// newSubject makes a server whose pages show a revision. The hub gives up
// clients that do not read for the time of a stall.
func newSubject(name string, revision int64, stall time.Duration) (subject, error) {
	switch name {
	case hubSubject:
		return newHubbed(revision, stall)
	case naiveSubject:
		return peers.NewNaive(), nil
	}
	return nil, fmt.Errorf("there is nothing named %q to be measured", name)
}

// hubbed is the hub, set up as the shop does.
type hubbed struct {
	*hub.Hub
	pages *pages
}

func newHubbed(revision int64, stall time.Duration) (*hubbed, error) {
	p := new(pages)
	p.set(workload.MaxViews, content{revision: revision, size: workload.ViewSize})
	h, err := hub.New(p, hub.Options{
		PerSession: 20,
		PerAddress: 1 << 20, // all clients have few addresses
		Views:      64,
		Actions:    http.NotFoundHandler(),
		Stall:      stall,
		// The end of each connection is logged, which no peer does.
		Logger: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	return &hubbed{h, p}, err
}

// ServeHTTP serves the page of a browser, besides what the hub serves.
func (h *hubbed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/live":
		h.Hub.ServeHTTP(w, r)
	case static.Has(r.URL.Path):
		static.Handler().ServeHTTP(w, r)
	default:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(h.pages.document(h.Epoch()))
	}
}

func (h *hubbed) Change(c workload.Change) {
	if c.Session != "" {
		const last = workload.DefaultViews - 1
		h.pages.put(last, content{c.Revision, c.Size})
		h.Invalidate(group(last) + ":" + c.Session)
		return
	}
	h.pages.set(c.Views, content{c.Revision, c.Size})
	groups := make([]string, c.Views)
	for i := range groups {
		groups[i] = group(i)
	}
	h.Invalidate(groups...)
}

func (h *hubbed) Renders() int64 { return h.pages.fetches.Load() }

// start starts a server process that serves a subject, and waits until it
// listens. Its pages show a revision, and it gives up clients that do not read
// for the time of a stall.
func start(ctx context.Context, subject, address string, revision int64, stall time.Duration, stderr io.Writer) (*process.Server, error) {
	return process.StartSelf(ctx, stderr, "serve-live",
		"--subject", subject, "--listen", address, "--revision", strconv.FormatInt(revision, 10), "--stall", stall.String())
}
