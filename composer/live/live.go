package live

import (
	"context"
	"net/http"
	"sync/atomic"

	"selvedge/composer"
	"selvedge/hub"
)

// A Site is a composer and a hub that belong together. Its methods are safe for
// concurrent use.
//
// The handlers that it returns give each browser a session (see
// [composer.Composer.Session]), because a page token is bound to one.
type Site struct {
	composer *composer.Composer
	hub      atomic.Pointer[hub.Hub] // nil: New has not returned
}

// New returns a site of the fragments of a registry. It sets two options:
//
//   - composer.Options.Invalidated also tells the hub, before the function that is
//     set there is called;
//   - hub.Options.Cookies is the composer's CookieNames if it is nil.
//
// Both have the same epoch: hub.Options.Epoch, or else composer.Options.Epoch, or
// else a random one. The site has goroutines until it is closed.
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
	if connecting.Cookies == nil {
		connecting.Cookies = s.composer.CookieNames()
	}
	h, err := hub.New(pages{s.composer}, connecting)
	if err != nil {
		s.composer.Close()
		return nil, err
	}
	s.hub.Store(h)
	return s, nil
}

// Composer returns the composer of the site. It must not be closed on its own.
func (s *Site) Composer() *composer.Composer { return s.composer }

// Hub returns the hub of the site. It must not be closed on its own.
func (s *Site) Hub() *hub.Hub { return s.hub.Load() }

// Page returns a handler for the pages whose template a fragment makes, as
// [composer.Composer.Page] does.
func (s *Site) Page(name string) http.Handler { return s.composer.Session(s.composer.Page(name)) }

// Forward returns a handler that sends forms and API calls to a fragment, as
// [composer.Composer.Forward] does.
func (s *Site) Forward(name string) http.Handler { return s.composer.Session(s.composer.Forward(name)) }

// Fragment returns a handler for single fragments, below [composer.Prefix].
func (s *Site) Fragment() http.Handler { return s.composer.Session(s.composer.Fragment()) }

// Live returns the handler that open pages connect with: by WebSocket, by
// server-sent events, or by polling.
func (s *Site) Live() http.Handler { return s.hub.Load() }

// Invalidate says that the data of some groups was changed by something other than
// a request to this site. Stored responses of the groups are dropped, and open pages
// are sent the fragments. It returns how many responses were dropped.
func (s *Site) Invalidate(groups ...string) int { return s.composer.Invalidate(groups...) }

// Close ends the connections, spread over the time that ctx leaves, and then the
// composer. The error is that of [hub.Hub.Close]. Requests that are still running
// must be over by then, as they are after http.Server.Shutdown.
func (s *Site) Close(ctx context.Context) error {
	err := s.hub.Load().Close(ctx)
	s.composer.Close()
	return err
}
