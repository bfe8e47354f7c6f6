package live

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"selvedge/composer"
	"selvedge/hub"
	"selvedge/hub/jsonlive"
)

// pages implements hub.Pages by the composer of a site. The types of both packages have the
// same fields and stay separate, because neither package imports the other.
type pages struct{ site *Site }

var _ hub.Pages = pages{}

// Epoch returns the epoch of the composer's page tokens, which the hub takes over.
func (p pages) Epoch() string { return p.site.Composer().Epoch() }

// CookieNames returns the names of the cookies that an action of a connection needs. A
// source that is added to the registry later can add names.
func (p pages) CookieNames() []string { return p.site.Composer().CookieNames() }

// Open reads a page token. The error is an error of the hub.
func (p pages) Open(r *http.Request, token string) (hub.Page, error) {
	t, err := p.site.Composer().ReadToken(r, token)
	switch {
	case errors.Is(err, composer.ErrExpired):
		return hub.Page{}, hub.ErrExpired
	case errors.Is(err, composer.ErrSession):
		return hub.Page{}, hub.ErrSession
	case err != nil:
		return hub.Page{}, hub.ErrToken
	}
	return hub.Page{Session: t.Session, Epoch: t.Epoch, Views: toHub(t.Views), Date: t.Date, RenewAt: t.RenewAt}, nil
}

// Renew returns a token for an open page, and the time of its next renewal.
func (p pages) Renew(page hub.Page) (token string, next time.Time) {
	var views []composer.Shown
	for _, s := range page.Views {
		views = append(views, composer.Shown{
			View: composer.View(s.View), ETag: s.ETag, Revision: s.Revision, Epoch: s.Epoch, Date: s.Date,
		})
	}
	return p.site.Composer().RenewToken(page.Session, views)
}

// Fetch renders a view. The error wraps hub.ErrGone if the fragment refuses the
// request. JSON clients are sent the refusal of a reference that they follow.
func (p pages) Fetch(ctx context.Context, v hub.View, since time.Time) (hub.Fragment, error) {
	fields, ok := jsonlive.Fields(v)
	if !ok {
		return p.render(ctx, composer.View(v), since)
	}
	f, err := p.render(ctx, composer.View{Reference: v.Reference, Variant: fields}, since)
	if refused := (*composer.RefusedError)(nil); errors.As(err, &refused) {
		return jsonlive.LastFragment(jsonlive.Refused(refused.Status))
	}
	return jsonlive.Fragment(f), err
}

func (p pages) render(ctx context.Context, v composer.View, since time.Time) (hub.Fragment, error) {
	rendered, err := p.site.Composer().Render(ctx, v, since)
	if refused := (*composer.RefusedError)(nil); errors.As(err, &refused) {
		return hub.Fragment{}, fmt.Errorf("%w: %w", hub.ErrGone, err)
	}
	if err != nil {
		return hub.Fragment{}, err
	}
	return hub.Fragment{
		Body: rendered.Body, ContentType: rendered.ContentType,
		ETag: rendered.ETag, Groups: rendered.Groups, Revision: rendered.Revision, Epoch: rendered.Epoch,
		Date: rendered.Date, Views: toHub(rendered.Views), Styles: rendered.Styles,
	}, nil
}

// toHub converts views to the hub's type.
func toHub(views []composer.Shown) []hub.Shown {
	var all []hub.Shown
	for _, s := range views {
		all = append(all, hub.Shown{
			View: hub.View(s.View), ETag: s.ETag, Revision: s.Revision, Epoch: s.Epoch, Date: s.Date,
		})
	}
	return all
}
