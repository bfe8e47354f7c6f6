package main

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"selvedge/cmd/bench/internal/workload"
	"selvedge/hub"
)

// pages stands for the composer: views that cost nothing to render.
type pages struct {
	fetches atomic.Int64
	mu      sync.Mutex
	shared  [workload.MaxViews]content
}

// content is what a view shows.
type content struct {
	revision int64
	size     int
}

var _ hub.Pages = (*pages)(nil)

// set changes the first views.
func (p *pages) set(views int, c content) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range views {
		p.shared[i] = c
	}
}

// put changes one view.
func (p *pages) put(view int, c content) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shared[view] = c
}

func (p *pages) at(view int) content {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.shared[view]
}

// Open returns a page as it was rendered.
func (p *pages) Open(_ *http.Request, s string) (hub.Page, error) {
	t, err := workload.ParseToken(s)
	if err != nil {
		return hub.Page{}, hub.ErrToken
	}
	page := hub.Page{Session: t.Session, Epoch: t.Epoch}
	for i := range t.Views {
		v := hub.View{Reference: reference(i)}
		if i >= t.Views-t.Personal {
			v.Variant = t.Session
		}
		c := p.at(i)
		if t.Revision > 0 {
			c.revision = t.Revision
		}
		page.Views = append(page.Views, hub.Shown{View: v, ETag: etag(c), Revision: c.revision})
	}
	return page, nil
}

// Renew leaves pages the token that they have.
func (*pages) Renew(hub.Page) (string, time.Time) { return "", time.Time{} }

// Fetch renders a view.
func (p *pages) Fetch(_ context.Context, v hub.View, _ time.Time) (hub.Fragment, error) {
	p.fetches.Add(1)
	i, err := strconv.Atoi(strings.TrimPrefix(v.Reference, referencePrefix))
	if err != nil {
		return hub.Fragment{}, fmt.Errorf("reference %q: %w", v.Reference, err)
	}
	c := p.at(i)
	g := group(i)
	if v.Variant != "" {
		g += ":" + v.Variant
	}
	return hub.Fragment{
		Body:     workload.AppendView(nil, "", i, c.revision, c.size),
		ETag:     etag(c),
		Groups:   []string{g},
		Revision: c.revision,
	}, nil
}

const referencePrefix = "productdetails/products/stock/"

func reference(view int) string { return referencePrefix + strconv.Itoa(view) }

func group(view int) string { return "product:" + strconv.Itoa(view) }

func etag(c content) string { return `W/"v` + strconv.FormatInt(c.revision, 10) + `"` }
