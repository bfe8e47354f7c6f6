package main

import (
	"fmt"
	"net/http"

	"selvedge/hub"
)

// A subject is a server that is measured.
type subject interface {
	http.Handler

	// change sends a change to all pages.
	change(c Change)

	// renders counts what was rendered since the start.
	renders() int64
}

// A Change is new content for the first views of all pages.
type Change struct {
	Views    int
	Revision int64
	Size     int // of a view, in bytes
}

// The subjects, as the server process is told.
const (
	hubSubject   = "hub"
	naiveSubject = "naive"
)

// newSubject makes a server whose pages show a revision.
func newSubject(name string, revision int64) (subject, error) {
	switch name {
	case hubSubject:
		return newHubbed(revision)
	case naiveSubject:
		return newNaive(), nil
	}
	return nil, fmt.Errorf("there is nothing named %q to be measured", name)
}

// hubbed is the hub, set up as the shop does.
type hubbed struct {
	*hub.Hub
	pages *pages
}

func newHubbed(revision int64) (*hubbed, error) {
	p := new(pages)
	p.set(maxViews, content{revision: revision, size: changeSize})
	h, err := hub.New(p, hub.Options{
		PerSession: 20,
		PerAddress: 1 << 20, // all clients have few addresses
		Views:      64,
		Actions:    http.NotFoundHandler(),
	})
	return &hubbed{h, p}, err
}

func (h *hubbed) change(c Change) {
	h.pages.set(c.Views, content{c.Revision, c.Size})
	groups := make([]string, c.Views)
	for i := range groups {
		groups[i] = group(i)
	}
	h.Invalidate(groups...)
}

func (h *hubbed) renders() int64 { return h.pages.fetches.Load() }
