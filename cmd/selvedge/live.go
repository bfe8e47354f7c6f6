package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/urfave/cli/v3"

	"selvedge/composer"
	"selvedge/hub"
)

// liveFlags are the limits of live connections.
func liveFlags() []cli.Flag {
	limit := func(name string, value int, usage string) cli.Flag {
		return &cli.IntFlag{Name: name, Value: value, Usage: usage + "; 0: no limit", Sources: fromEnvironment(name)}
	}
	return []cli.Flag{
		limit("live-per-session", 20, "live connections of one session"),
		limit("live-per-address", 200, "live connections of one IPv4 address or IPv6 /64 network"),
		limit("live-views", 64, "fragments that one live connection follows"),
		limit("live-accepts", 0, "live connections accepted in a second"),
		&cli.StringSliceFlag{
			Name:    "live-origin",
			Usage:   "another origin whose pages may connect, as https://shop.example; may be repeated",
			Sources: fromEnvironment("live-origin"),
		},
	}
}

func liveOptions(c *cli.Command) hub.Options {
	return hub.Options{
		PerSession:       c.Int("live-per-session"),
		PerAddress:       c.Int("live-per-address"),
		Views:            c.Int("live-views"),
		AcceptsPerSecond: c.Int("live-accepts"),
		Origins:          c.StringSlice("live-origin"),
	}
}

// pages is the composer as the hub sees it.
type pages struct{ *composer.Composer }

var _ hub.Pages = pages{}

// Open reads a page token.
func (p pages) Open(r *http.Request, token string) (hub.Page, error) {
	t, err := p.ReadToken(r, token)
	switch {
	case errors.Is(err, composer.ErrExpired):
		return hub.Page{}, hub.ErrExpired
	case errors.Is(err, composer.ErrSession):
		return hub.Page{}, hub.ErrSession
	case err != nil:
		return hub.Page{}, hub.ErrToken
	}
	return hub.Page{Session: t.Session, Epoch: t.Epoch, Views: shownOf(t.Views), RenewAt: t.RenewAt}, nil
}

// shownOf returns what a page shows in the words of the hub.
func shownOf(views []composer.Shown) []hub.Shown {
	var all []hub.Shown
	for _, s := range views {
		all = append(all, hub.Shown{
			View: hub.View(s.View), ETag: s.ETag, Revision: s.Revision, Epoch: s.Epoch, Date: s.Date,
		})
	}
	return all
}

// Renew makes a token for an open page.
func (p pages) Renew(page hub.Page) (token string, next time.Time) {
	var views []composer.Shown
	for _, s := range page.Views {
		views = append(views, composer.Shown{
			View: composer.View(s.View), ETag: s.ETag, Revision: s.Revision, Epoch: s.Epoch, Date: s.Date,
		})
	}
	return p.RenewToken(page.Session, views)
}

// Fetch renders a view.
func (p pages) Fetch(ctx context.Context, v hub.View, since time.Time) (hub.Fragment, error) {
	rendered, err := p.Render(ctx, composer.View(v), since)
	if refused := (*composer.RefusedError)(nil); errors.As(err, &refused) {
		if f, ok := absentProduct(v); ok && refused.Status == http.StatusNotFound {
			return f, nil
		}
		return hub.Fragment{}, fmt.Errorf("%w: %w", hub.ErrGone, err)
	}
	if err != nil {
		return hub.Fragment{}, err
	}
	return hub.Fragment{
		Body: rendered.Body, ContentType: rendered.ContentType,
		ETag: rendered.ETag, Groups: rendered.Groups, Revision: rendered.Revision, Epoch: rendered.Epoch,
		Date: rendered.Date, Views: shownOf(rendered.Views), Styles: rendered.Styles,
	}, nil
}
