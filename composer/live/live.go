package live

import (
	"context"
	"net/http"
	"sync/atomic"

	"selvedge/composer"
	"selvedge/hub"
)

// A Site is a composer and a hub that work together. Its methods are safe for
// concurrent use.
//
// Its handlers give each browser a session (see [composer.Composer.Session]), because
// a page token is bound to a session.
type Site struct {
	composer *composer.Composer
	hub      atomic.Pointer[hub.Hub] // nil until New returns
}

// New returns a site of the fragments of a registry. It changes these options:
//
//   - composer.Options.Invalidated also tells the hub, before it calls the given
//     function;
//   - hub.Options.Cookies, if nil, are the composer's CookieNames at the time of each
//     connection;
//   - composer and hub get the same epoch: hub.Options.Epoch, or else
//     composer.Options.Epoch, or else a random epoch.
//
// The site has goroutines until it is closed. The error is that of composer.New or
// hub.New.
func New(registry *composer.Registry, composing composer.Options, connecting hub.Options) (*Site, error) {
	s := new(Site)
	invalidated := composing.Invalidated
	composing.Invalidated = func(groups []string) {
		if h := s.hub.Load(); h != nil { // a source may be added to the registry before
			h.Invalidate(groups...)
		}
		if invalidated != nil {
			invalidated(groups)
		}
	}
	if connecting.Epoch != "" {
		composing.Epoch = connecting.Epoch
	}
	var err error
	if s.composer, err = composer.New(registry, composing); err != nil {
		return nil, err
	}
	h, err := hub.New(pages{s.composer}, connecting)
	if err != nil {
		s.composer.Close()
		return nil, err
	}
	s.hub.Store(h)
	return s, nil
}

// Composer returns the composer of the site. Only Close may close it.
func (s *Site) Composer() *composer.Composer { return s.composer }

// Hub returns the hub of the site. Only Close may close it.
func (s *Site) Hub() *hub.Hub { return s.hub.Load() }

// Page returns a handler for pages with the template of a fragment, as
// [composer.Composer.Page] does.
func (s *Site) Page(name string) http.Handler { return s.composer.Session(s.composer.Page(name)) }

// Forward returns a handler that sends forms and API calls to a fragment, as
// [composer.Composer.Forward] does.
func (s *Site) Forward(name string) http.Handler { return s.composer.Session(s.composer.Forward(name)) }

// Fragment returns a handler for single fragments, below [composer.Prefix].
func (s *Site) Fragment() http.Handler { return s.composer.Session(s.composer.Fragment()) }

// Live returns the handler for the connections of open pages: by WebSocket, by
// server-sent events, or by polling.
func (s *Site) Live() http.Handler { return s.hub.Load() }

// Invalidate invalidates groups whose data was changed by anything but a request to
// this site. Stored responses of the groups are dropped, and open pages are sent the
// fragments. It returns the number of dropped responses.
func (s *Site) Invalidate(groups ...string) int { return s.composer.Invalidate(groups...) }

// Close closes the connections, spread over the time left to ctx, and then the
// composer. The error is that of [hub.Hub.Close]. All requests must have ended before,
// as they have after http.Server.Shutdown.
func (s *Site) Close(ctx context.Context) error {
	err := s.hub.Load().Close(ctx)
	s.composer.Close()
	return err
}
