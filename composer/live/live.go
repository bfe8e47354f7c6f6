package live

import (
	"context"
	"crypto/rand"
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
	registry *composer.Registry
	options  composer.Options                  // of every composer of the site, with its epoch and key
	composer atomic.Pointer[composer.Composer] // the one in use
	hub      atomic.Pointer[hub.Hub]           // nil until New returns
	hasTypes bool                              // the site has message types of its own
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
	if connecting.Epoch != "" {
		composing.Epoch = connecting.Epoch
	}
	if composing.Epoch == "" {
		composing.Epoch = rand.Text()
	}
	if composing.TokenKey == nil {
		composing.TokenKey = []byte(rand.Text())
	}
	s := &Site{registry: registry, options: composing}
	if err := s.Replace(composing); err != nil {
		return nil, err
	}
	s.hasTypes = connecting.Protocol != nil
	connecting.Protocol = &jsonlive.Protocol{
		NewClient: func(r *http.Request) jsonlive.Client { return jsonClient{s, s.Composer().Visitor(r)} },
		Extension: connecting.Protocol,
	}
	h, err := hub.New(pages{s}, connecting)
	if err != nil {
		s.Composer().Close()
		return nil, err
	}
	s.hub.Store(h)
	return s, nil
}

// Replace has the site go on with a composer of other options, and an empty cache. The
// open pages stay connected, because TokenKey, Epoch and Invalidated stay those of New.
// Requests that run end with the previous composer, and so do the handlers that were made
// by Page, Forward and Fragment before. The error is that of composer.New; then nothing
// has changed. Calls of Replace and Close must follow each other.
func (s *Site) Replace(composing composer.Options) error {
	composing.TokenKey, composing.Epoch = s.options.TokenKey, s.options.Epoch
	var by atomic.Pointer[composer.Composer] // because a source may be added before New returns
	composing.Invalidated = func(groups []string) { s.invalidated(by.Load(), groups) }
	next, err := composer.New(s.registry, composing)
	if err != nil {
		return err
	}
	by.Store(next)
	if previous := s.composer.Swap(next); previous != nil {
		previous.Close()
	}
	return nil
}

// invalidated passes on groups that a composer has invalidated: a previous composer, for
// which a request still runs, to the one in use, and that to the hub.
func (s *Site) invalidated(by *composer.Composer, groups []string) {
	if current := s.composer.Load(); by != current && current != nil {
		current.Invalidate(groups...)
		return
	}
	if h := s.hub.Load(); h != nil { // a source may be added to the registry before
		h.Invalidate(groups...)
	}
	if s.options.Invalidated != nil {
		s.options.Invalidated(groups)
	}
}

// Composer returns the composer of the site. Only the site may close it.
func (s *Site) Composer() *composer.Composer { return s.composer.Load() }

// Hub returns the hub of the site. Only Close may close it.
func (s *Site) Hub() *hub.Hub { return s.hub.Load() }

// Page returns a handler for pages with the template of a fragment, as
// [composer.Composer.Page] does.
func (s *Site) Page(name string) http.Handler {
	c := s.Composer()
	return c.Session(c.Page(name))
}

// Forward returns a handler that sends forms and API calls to a fragment, as
// [composer.Composer.Forward] does.
func (s *Site) Forward(name string) http.Handler {
	c := s.Composer()
	return c.Session(c.Forward(name))
}

// Fragment returns a handler for single fragments, below [composer.Prefix].
func (s *Site) Fragment() http.Handler {
	c := s.Composer()
	return c.Session(c.Fragment())
}

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
func (s *Site) Invalidate(groups ...string) int { return s.Composer().Invalidate(groups...) }

// Close closes the connections, spread over the time left to ctx, and then the
// composer. The error is that of [hub.Hub.Close]. All requests must have ended before,
// as they have after http.Server.Shutdown.
func (s *Site) Close(ctx context.Context) error {
	err := s.hub.Load().Close(ctx)
	s.Composer().Close()
	return err
}
