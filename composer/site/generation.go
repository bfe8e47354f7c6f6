package site

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"reflect"
	"strings"
	"time"

	"selvedge/composer"
	"selvedge/composer/server"
	"selvedge/composer/site/config"
	"selvedge/fragments"
	"selvedge/static"
)

// generation is a configuration with the handlers that are made of it.
type generation struct {
	config    *config.Config
	composing composer.Options
	sources   map[string]composer.Source // by the name of the fragment
	admin     *server.BearerToken        // nil: nobody may invalidate
	mayDebug  func(*http.Request) bool
	hosts     []string
	files     map[string]bool // that are templates
	errors    *errorPages
	hasPaths  bool         // there are pages, or paths of REST
	handler   http.Handler // of every request, after the log
}

// prepare returns the generation of a configuration, without handlers.
func (s *Site) prepare(c *config.Config) (*generation, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	g := &generation{
		config: c, files: c.Files(),
		errors: &errorPages{composer: func() *composer.Composer { return s.live.Composer() }, template: ownTemplates(c)},
	}
	var err error
	if g.hosts, err = server.ParseHosts(c.Hosts); err != nil {
		return nil, err
	}
	if g.admin, err = adminToken(c); err != nil {
		return nil, err
	}
	if g.sources, err = Sources(c, s.options.Fragments); err != nil {
		return nil, err
	}
	if g.composing, err = composerOptions(c); err != nil {
		return nil, err
	}
	g.composing.Logger, g.composing.Error = s.logger, s.fail
	g.composing.Debug = func(r *http.Request) bool { return s.current.Load().mayDebug(r) }
	g.mayDebug = mayDebug(c.Dev, g.admin)
	if c.Dev {
		g.composing.Inspect = s.options.Inspect
	}
	return g, nil
}

// adminToken returns the token of the operator, or nil.
func adminToken(c *config.Config) (*server.BearerToken, error) {
	text, err := c.AdminToken.Value()
	if err != nil || text == "" {
		return nil, err
	}
	return server.NewBearerToken(text)
}

// composerOptions returns the options of the composer.
func composerOptions(c *config.Config) (composer.Options, error) {
	o := composer.Options{
		PageTimeout: c.PageTimeout, MaxInFlight: c.MaxInFlight,
		CacheSize: cacheSize(c.CacheSize), NoGzip: c.NoGzip,
		Headers: c.Headers, SetCookies: c.SetCookies, ESICookies: c.ESICookies,
		OptInAliases: c.ESIAlias, ObeyRequestCacheControl: c.ObeyRequestCacheControl,
		AllowHosts: c.AllowHosts, ShowHosts: c.Dev, ShowFailures: c.Dev,
		ClientAddress: server.ClientAddress, SessionCookie: c.SessionCookie,
	}
	if c.Cookies != nil {
		o.Cookies = append([]string{c.SessionCookie}, c.Cookies...)
	}
	if c.Live != "off" {
		o.LiveElement, o.AutoLive = liveElement, c.Live == "auto"
	}
	key, err := c.Key.Value()
	if err != nil {
		return o, err
	}
	if key != "" {
		o.TokenKey = []byte(key)
	}
	if o.ESITypes, err = config.ParseTypes(c.ESITypes); err != nil {
		return o, err
	}
	if o.Surrogates, err = config.ParseNetworks(c.Surrogates); err != nil {
		return o, err
	}
	if c.Origin != "" {
		o.MaxWait, o.ActionTimeout = c.PageTimeout, c.OriginTimeout
		if o.Origin, err = config.ParseOrigin(c.Origin); err != nil {
			return o, err
		}
	}
	o.EarlyHints, err = earlyHints(c)
	return o, err
}

// cacheSize converts a size in MiB for composer.Options, where 0 is the default size and
// -1 is no cache.
func cacheSize(mebibytes int) int {
	if mebibytes == 0 {
		return -1
	}
	return mebibytes << 20
}

// liveElement has a page load the client script, and connect with its token.
var liveElement = `<script type="module" src="` + clientScript.URL("selvedge.js") + `" fetchpriority="low"></script>` +
	`<div id="live" ws-connect="` + livePath + `?page=$(SELVEDGE_PAGE)" hx-swap="none"></div>`

// clientScript has the client script and the scripts that it loads.
var clientScript = static.Client("/-/")

// earlyHints returns composer.Options.EarlyHints.
func earlyHints(c *config.Config) (func(*http.Request) bool, error) {
	trusted, err := config.ParseNetworks(c.TrustedProxies)
	switch c.EarlyHints {
	case "always":
		return func(r *http.Request) bool { return r.ProtoAtLeast(2, 0) || !isBehindProxy(r, trusted) }, err
	case "never":
		return func(*http.Request) bool { return false }, err
	}
	return nil, err
}

// isBehindProxy reports whether a request has a sign of a proxy:
//
//   - a field of proxies;
//   - the address of a trusted proxy.
func isBehindProxy(r *http.Request, trusted []netip.Prefix) bool {
	for name := range r.Header {
		if name == "Via" || name == "Forwarded" || strings.HasPrefix(name, "X-Forwarded-") {
			return true
		}
	}
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && server.IsIn(trusted, peer.Addr())
}

// defaultTimeout is the wait for a fragment without a timeout. The includes of an origin's
// pages that are the origin's own wait as long as the page.
const defaultTimeout = time.Second

// Sources returns the sources of a configuration, by the names of their fragments. Handlers
// are the fragments of the program. The error is config.Errors for a fragment that has
// neither an URL nor a handler.
func Sources(c *config.Config, handlers map[string]http.Handler) (map[string]composer.Source, error) {
	sources := make(map[string]composer.Source, len(c.Fragments))
	for name, f := range c.Fragments {
		source := composer.Source{Timeout: f.Timeout, Cookies: f.Cookies, Headers: f.Headers, SetCookies: f.SetCookies}
		if f.Timeout == 0 {
			source.Timeout = defaultTimeout
		}
		if f.Cookies != nil {
			source.Cookies = append([]string{c.SessionCookie}, f.Cookies...)
		}
		if f.URL == "" {
			if source.Handler = handlers[name]; source.Handler == nil {
				return nil, c.ErrorAt("fragments."+name, "the fragment %s has no url, and this program has no fragment of this name", name)
			}
		} else if u, err := url.Parse(f.URL); err == nil {
			source.URL = u
		}
		sources[name] = source
	}
	return sources, nil
}

// register adds the sources of next that previous has not, and mounts slots and files.
func (s *Site) register(previous, next *generation) error {
	for name, source := range next.sources {
		if previous.has(name, source) {
			continue
		}
		if err := s.registry.Set(name, versionOf(source.Handler), source); err != nil {
			return err
		}
	}
	if previous == nil || !reflect.DeepEqual(previous.config.Slots, next.config.Slots) {
		if err := s.registry.Mount(slotPrefix, slots(next.config)); err != nil {
			return err
		}
	}
	if previous == nil {
		return s.registry.Mount(filePrefix, &templateFiles{site: s})
	}
	return nil
}

// versionOf returns the version of a fragment of the kit, and nothing for any other handler.
func versionOf(h http.Handler) string {
	if f, ok := h.(*fragments.Fragment); ok {
		return f.Manifest().Version
	}
	return ""
}

// has reports whether a generation has a source for a fragment. The handlers of the program
// do not change. A nil generation has no sources.
func (g *generation) has(name string, s composer.Source) bool {
	if g == nil {
		return false
	}
	own, ok := g.sources[name]
	own.Handler, s.Handler = nil, nil
	return ok && own.Equal(s)
}

// hasOptionsOf reports whether two generations have the same options of the composer. Its
// functions are made of the configuration, and cannot be compared.
func (g *generation) hasOptionsOf(other *generation) bool {
	a, b := g.composing, other.composing
	for _, o := range []*composer.Options{&a, &b} {
		o.Error, o.EarlyHints, o.ClientAddress, o.Invalidated, o.Debug, o.Inspect = nil, nil, nil, nil, nil, nil
	}
	return g.config.EarlyHints == other.config.EarlyHints && reflect.DeepEqual(a, b)
}

// unregister removes the fragments of previous that next has not.
func (s *Site) unregister(previous, next *generation) {
	for name := range previous.sources {
		if _, ok := next.sources[name]; !ok {
			s.registry.Remove(name)
		}
	}
}

// follower is the following of the manifest of one source.
type follower struct {
	stop  context.CancelFunc
	ended chan struct{}
}

// follow follows the manifests of the sources that are not followed yet.
func (s *Site) follow(g *generation) {
	for name, source := range g.sources {
		if source.URL == nil || s.following[name] != nil {
			continue
		}
		ctx, stop := context.WithCancel(context.Background())
		f := &follower{stop, make(chan struct{})}
		s.following[name] = f
		follower := &manifestFollower{registry: s.registry, name: name, source: source, logger: s.logger, read: s.policy.setManifest}
		interval := manifestInterval
		if g.config.Dev {
			interval, follower.changed = devInterval, s.ReloadPages
			follower.isOurs = g.config.Fragments[name].Command != nil
		}
		go func() {
			defer close(f.ended)
			follower.follow(ctx, interval)
		}()
	}
}

// unfollow ends following sources of previous that next has not, or follows in another way.
// Nil has no sources. No version of these sources is registered after unfollow.
func (s *Site) unfollow(previous, next *generation) {
	for name, f := range s.following {
		if !next.has(name, previous.sources[name]) || !next.followsAs(previous, name) {
			f.stop()
			<-f.ended
			delete(s.following, name)
		}
	}
}

// followsAs reports whether two generations follow the manifest of a fragment in the same way.
func (g *generation) followsAs(other *generation, name string) bool {
	own, others := g.config.Fragments[name].Command != nil, other.config.Fragments[name].Command != nil
	return g.config.Dev == other.config.Dev && own == others
}
