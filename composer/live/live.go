package live

import (
	"context"
	"net/http"
	"sync/atomic"

	"selvedge/composer"
	"selvedge/hub"
	"selvedge/hub/jsonlive"
)

// A Site is a composer and a hub that work together. Its methods are safe for
// concurrent use.
//
// Its handlers give each browser a session (see [composer.Composer.Session]), because
// a page token is bound to a session.
type Site struct {
	composer *composer.Composer
	hub      atomic.Pointer[hub.Hub] // nil until New returns
	hasTypes bool                    // the site has message types of its own
}

// New returns a site of the fragments of a registry. It changes these options:
//
//   - composer.Options.Invalidated also tells the hub, before it calls the given
//     function;
//   - hub.Options.Cookies, if nil, are the composer's CookieNames at the time of each
//     connection;
//   - hub.Options.Protocol is package jsonlive, and the given protocol extends it with
//     message types of the site;
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
	s.hasTypes = connecting.Protocol != nil
	connecting.Protocol = &jsonlive.Protocol{
		NewClient: func(r *http.Request) jsonlive.Client { return jsonClient{s.composer.Visitor(r)} },
		Extension: connecting.Protocol,
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
// server-sent events, or by polling. With a hub.Options.Protocol, JSON clients may ask for
// the subprotocol json.
func (s *Site) Live() http.Handler {
	if s.hasTypes {
		return s.hub.Load()
	}
	return withoutSubprotocols(s.hub.Load())
}

// withoutSubprotocols hides the subprotocols in a handshake from a handler.
func withoutSubprotocols(next http.Handler) http.Handler {
	const field = "Sec-Websocket-Protocol"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.Header[field]) > 0 {
			r = r.Clone(r.Context())
			delete(r.Header, field)
		}
		next.ServeHTTP(w, r)
	})
}

// LiveJSON returns the handler for WebSockets of JSON clients, which follow fragments by
// their references (see package jsonlive).
//
// Danger: a client can read each fragment of the registry, with the rights of its session,
// as with Fragment. A check of rights in front of Page, Forward or Fragment, instead of in
// the fragments, has to stand in front of LiveJSON too.
func (s *Site) LiveJSON() http.Handler { return http.HandlerFunc(s.hub.Load().ServeJSON) }

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
