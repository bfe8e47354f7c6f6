package systemundertest

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

// hubPages are the pages of a hub, in the place of the composer.
type hubPages struct {
	fetches atomic.Int64
	mu      sync.Mutex
	views   [workload.MaxViews]viewContent
}

var _ hub.Pages = (*hubPages)(nil)

// viewContent determines the HTML of a view.
type viewContent struct {
	revision int64
	size     int // in bytes
}

// setFirst changes the first n views.
func (p *hubPages) setFirst(n int, c viewContent) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range n {
		p.views[i] = c
	}
}

// set changes a view.
func (p *hubPages) set(view int, c viewContent) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.views[view] = c
}

// get returns the content of a view.
func (p *hubPages) get(view int) viewContent {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.views[view]
}

// Open returns the page of a [workload.Token] as it was rendered.
func (p *hubPages) Open(_ *http.Request, token string) (hub.Page, error) {
	t, err := workload.ParseToken(token)
	if err != nil {
		return hub.Page{}, hub.ErrToken
	}
	page := hub.Page{Session: t.Session, Epoch: t.Epoch}
	for i := range t.Views {
		v := hub.View{Reference: reference(i)}
		if i >= t.Views-t.Personal {
			v.Variant = t.Session
		}
		c := p.get(i)
		if t.Revision > 0 {
			c.revision = t.Revision
		}
		page.Views = append(page.Views, hub.Shown{View: v, ETag: etag(c), Revision: c.revision})
	}
	return page, nil
}

// Renew leaves each page its token.
func (*hubPages) Renew(hub.Page) (string, time.Time) { return "", time.Time{} }

// Fetch renders a view. Its group is that of the product, with the session in it
// if the view is personal.
func (p *hubPages) Fetch(_ context.Context, v hub.View, _ time.Time) (hub.Fragment, error) {
	p.fetches.Add(1)
	i, err := strconv.Atoi(strings.TrimPrefix(v.Reference, referencePrefix))
	if err != nil {
		return hub.Fragment{}, fmt.Errorf("reference %q: %w", v.Reference, err)
	}
	c := p.get(i)
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

func etag(c viewContent) string { return `W/"v` + strconv.FormatInt(c.revision, 10) + `"` }
