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

	"selvedge/hub"
)

// pages stands for the composer: views that cost nothing to render.
type pages struct {
	fetches atomic.Int64
	mu      sync.Mutex
	shared  [maxViews]content
}

// content is what a view shows.
type content struct {
	revision int64
	size     int
}

var _ hub.Pages = (*pages)(nil)

// A token says what a page shows. It stands in the place of a signed one.
type token struct {
	epoch    string
	session  string
	views    int
	personal int   // so many of them, from the last, are rendered for the session alone
	revision int64 // of all views when the page was rendered; 0: that of this moment
}

func (t token) String() string {
	return fmt.Sprintf("%s.%s.%d.%d.%d", t.epoch, t.session, t.views, t.personal, t.revision)
}

func parseToken(s string) (token, error) {
	parts := strings.Split(s, ".")
	if len(parts) != 5 {
		return token{}, hub.ErrToken
	}
	t := token{epoch: parts[0], session: parts[1]}
	var err error
	if t.views, err = strconv.Atoi(parts[2]); err != nil || t.views > maxViews {
		return token{}, hub.ErrToken
	}
	if t.personal, err = strconv.Atoi(parts[3]); err != nil {
		return token{}, hub.ErrToken
	}
	if t.revision, err = strconv.ParseInt(parts[4], 10, 64); err != nil {
		return token{}, hub.ErrToken
	}
	return t, nil
}

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
	t, err := parseToken(s)
	if err != nil {
		return hub.Page{}, err
	}
	page := hub.Page{Session: t.session, Epoch: t.epoch}
	for i := range t.views {
		v := hub.View{Reference: reference(i)}
		if i >= t.views-t.personal {
			v.Variant = t.session
		}
		c := p.at(i)
		if t.revision > 0 {
			c.revision = t.revision
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
		Body:     appendFragment(nil, "", i, c.revision, c.size),
		ETag:     etag(c),
		Groups:   []string{g},
		Revision: c.revision,
	}, nil
}

const referencePrefix = "productdetails/products/stock/"

func reference(view int) string { return referencePrefix + strconv.Itoa(view) }

func group(view int) string { return "product:" + strconv.Itoa(view) }

func etag(c content) string { return `W/"v` + strconv.FormatInt(c.revision, 10) + `"` }
