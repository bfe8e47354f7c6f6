package site

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"

	"selvedge/composer"
	"selvedge/composer/live"
	"selvedge/composer/server"
	"selvedge/composer/site/config"
	"selvedge/hub"
)

// Options are what a program has beside its configuration. The zero value works.
type Options struct {
	// Fragments are the fragments of this process by their names, for fragments without
	// an URL in the configuration. Default: none.
	Fragments map[string]http.Handler

	// Around returns a handler around the paths of the site, for a sign-in in front of them,
	// or for further paths of the program: it calls next for all paths that it does not
	// answer. It stands behind the log, the checks of requests and the security header
	// fields, and gets the actions of live connections too. It gets no request for
	// the origin. It is called again at each Reload. Default: none.
	//
	// Danger: a check of rights has to stand in front of /fragments/, /-/live and
	// /-/live.json too, which read each fragment, and not of pages alone.
	Around func(s *Site, next http.Handler) http.Handler

	// Protocol has message types of the program for JSON clients (see package jsonlive).
	// Default: none.
	Protocol hub.Protocol

	// Inspect is that of [composer.Options], for a configuration with dev, such as Inspect
	// of package fragments/lint. Default: none.
	Inspect func(reference string, header http.Header, body []byte) []string

	// Check is that of [server.Probes]. Default: none.
	Check func(context.Context) error

	// Logger is that of all parts of the site. Default: slog.Default().
	Logger *slog.Logger
}

// Site serves the site of a configuration. Its methods are safe for concurrent use.
type Site struct {
	options  Options
	logger   *slog.Logger
	registry *composer.Registry
	live     *live.Site
	probes   *server.Probes
	policy   *pagePolicy
	handler  http.Handler // of every request

	current atomic.Pointer[generation]

	reloading sync.Mutex           // held by Reload and Close
	following map[string]*follower // by the name of the fragment
}

// New returns the site of a configuration. The error is config.Errors for a configuration
// with mistakes, or that of the composer or the hub. The site has goroutines until Close.
func New(c *config.Config, o Options) (*Site, error) {
	s := &Site{
		options: o, logger: cmp.Or(o.Logger, slog.Default()),
		registry: composer.NewRegistry(), following: make(map[string]*follower),
	}
	s.policy = newPagePolicy(s.logger)
	s.probes = &server.Probes{Check: o.Check, Logger: s.logger}
	next, err := s.prepare(c)
	if err != nil {
		return nil, err
	}
	if err := s.register(nil, next); err != nil {
		return nil, err
	}
	s.handler = server.LogRequests(s.logger, server.Recover(s.logger, s.withProbes(http.HandlerFunc(s.serve))))
	connecting := hubOptions(c)
	connecting.Logger, connecting.Actions, connecting.Protocol = s.logger, http.HandlerFunc(s.serve), o.Protocol
	if s.live, err = live.New(s.registry, next.composing, connecting); err != nil {
		return nil, err
	}
	next.routes(s)
	s.setCurrent(next)
	s.follow(next)
	return s, nil
}

// hubOptions returns the options of the hub.
func hubOptions(c *config.Config) hub.Options {
	return hub.Options{
		PerSession: c.LivePerSession, PerAddress: c.LivePerAddress, Views: c.LiveViews,
		AcceptsPerSecond: c.LiveAccepts, Origins: c.LiveOrigins,
	}
}

// withProbes answers probes before next checks a request, with the security header fields of
// all own paths.
func (s *Site) withProbes(next http.Handler) http.Handler {
	probes := s.probes.Handler("/-", next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, ownPrefix) {
			setPolicy(s.policy.load(), w, r)
		}
		probes.ServeHTTP(w, r)
	})
}

// ServeHTTP answers a request.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// serve answers a request by the configuration of this moment.
func (s *Site) serve(w http.ResponseWriter, r *http.Request) {
	s.current.Load().handler.ServeHTTP(w, r)
}

// fail answers a request of the composer by an error.
func (s *Site) fail(w http.ResponseWriter, r *http.Request, err error) {
	s.current.Load().errors.fail(w, r, err)
}

// Config returns the configuration of this moment. It must not be changed.
func (s *Site) Config() *config.Config { return s.current.Load().config }

// Live returns the composer and the hub of the site, for the handlers of Options.Around.
// Their handlers are those of the configuration of this moment.
func (s *Site) Live() *live.Site { return s.live }

// AdminToken returns the operator's token of this moment, or nil. Wrong tokens are counted
// together for all that it protects.
func (s *Site) AdminToken() *server.BearerToken { return s.current.Load().admin }

// Invalidate invalidates groups whose data was changed by anything but a request to this
// site. Stored responses of the groups are dropped, and open pages are sent the fragments.
// It returns the number of dropped responses.
func (s *Site) Invalidate(groups ...string) int { return s.live.Invalidate(groups...) }

// ReloadPages has all open pages load themselves again (see [hub.Hub.Reload]).
func (s *Site) ReloadPages() { s.live.Hub().Reload() }

// Stop has /-/readyz say that the site is stopping, so that load balancers send their
// requests elsewhere.
func (s *Site) Stop() { s.probes.Stop() }

// Close ends the live connections, spread over the time left to ctx, and then the
// composer. All requests must have ended before, as they have after http.Server.Shutdown.
func (s *Site) Close(ctx context.Context) error {
	s.Stop()
	s.reloading.Lock()
	defer s.reloading.Unlock()
	s.unfollow(s.current.Load(), nil)
	return s.live.Close(ctx)
}

// Reload has the site go on with another configuration, between two requests. Open pages
// stay connected, and are sent the fragments that have another source. Stored responses
// stay too, unless a setting of the composer changes.
//
// The error is config.Errors for a configuration with mistakes, or a *RestartError for
// values that cannot change. Then the site goes on with the previous configuration.
func (s *Site) Reload(c *config.Config) error {
	s.reloading.Lock()
	defer s.reloading.Unlock()
	previous := s.current.Load()
	if err := checkRestart(previous.config, c); err != nil {
		return err
	}
	next, err := s.prepare(c)
	if err != nil {
		return err
	}
	s.unfollow(previous, next)
	if err := s.replace(previous, next); err != nil {
		s.follow(previous)
		return err
	}
	next.routes(s)
	s.setCurrent(next)
	s.unregister(previous, next)
	s.follow(next)
	return nil
}

// setCurrent has all requests served by a generation from then on.
func (s *Site) setCurrent(next *generation) {
	s.policy.setConfig(next.config, s.options.Fragments)
	s.current.Store(next)
}

// replace has the registry and the composer go on with the next generation, or after an error
// with the previous one.
func (s *Site) replace(previous, next *generation) error {
	err := s.register(previous, next)
	if err == nil && !previous.hasOptionsOf(next) {
		err = s.live.Replace(next.composing)
	}
	if err != nil {
		return errors.Join(err, s.register(next, previous))
	}
	return nil
}

// RestartError says that a configuration has other values for settings that cannot change
// while the site is served.
type RestartError struct{ Keys []string }

// Error names the keys.
func (e *RestartError) Error() string {
	return fmt.Sprintf("%s cannot change while the site is served; start it again", joinWords(e.Keys))
}

// checkRestart returns a *RestartError, or nil.
func checkRestart(from, to *config.Config) error {
	var changed []string
	for _, setting := range config.Settings() {
		if setting.Restart && !reflect.DeepEqual(from.Value(setting), to.Value(setting)) {
			changed = append(changed, setting.Key)
		}
	}
	if (from.TLS.Cert == "") != (to.TLS.Cert == "") {
		changed = append(changed, "tls")
	}
	if changed == nil {
		return nil
	}
	return &RestartError{changed}
}

// joinWords returns words as "a, b and c".
func joinWords(words []string) string {
	text := words[0]
	for i, word := range words[1:] {
		if i == len(words)-2 {
			text += " and " + word
		} else {
			text += ", " + word
		}
	}
	return text
}
