package proxy

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"strings"
	"time"
	"unique"

	"selvedge/composer/internal/address"
	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/fetch"
	"selvedge/composer/internal/header"
	"selvedge/composer/internal/page"
	"selvedge/composer/internal/requestbody"
	"selvedge/composer/registry"
)

// Options are the settings of a Proxy. The options of package composer with the same
// names describe them.
type Options struct {
	PageTimeout, ActionTimeout time.Duration
	MaxFragment                int
	ObeyRequestCacheControl    bool
	Surrogates                 []netip.Prefix
	Logger                     *slog.Logger

	Origin  *registry.Backend
	Fetcher *fetch.Fetcher
	Pages   *page.Assembler

	// Client fetches documents. Transport passes all other requests through.
	Client, Transport http.RoundTripper

	// ClientAddress returns the address of a visitor, or zero.
	ClientAddress func(*http.Request) netip.Addr

	// Invalidate drops stored responses, and notifies the open pages.
	Invalidate func(cache.Purge)

	// Fail answers a request with an error.
	Fail func(w http.ResponseWriter, r *http.Request, err error)
}

// Proxy is the handler of a gateway. It is safe for concurrent use.
type Proxy struct {
	options     Options
	fetcher     *fetch.Fetcher
	cache       *cache.Cache // nil if no responses are stored
	origin      *url.URL
	passthrough *httputil.ReverseProxy
}

// New returns a proxy. Without an origin it returns an error.
func New(options Options) (*Proxy, error) {
	if options.Origin == nil {
		return nil, errors.New("Proxy needs Options.Origin, the server that it stands in front of")
	}
	p := &Proxy{options: options, fetcher: options.Fetcher, cache: options.Fetcher.Cache, origin: options.Origin.URL}
	p.passthrough = &httputil.ReverseProxy{
		Rewrite:        p.rewrite,
		Transport:      roundTripper(p.exchange),
		ModifyResponse: p.modifyResponse,
		ErrorHandler:   p.fail,
		ErrorLog:       slog.NewLogLogger(options.Logger.Handler(), slog.LevelWarn),
	}
	return p, nil
}

// ServeHTTP answers a request from the cache, or passes it to the origin.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if status := refuse(r); status != 0 {
		http.Error(w, http.StatusText(status), status)
		return
	}
	r = header.KeepOnlyWebSocket(address.WithNormalHost(r, header.Scheme(r)))
	d := p.directives(r.Header)
	if p.cache == nil || d.NoStore || !isCacheable(r) {
		p.passThrough(w, r, nil)
		return
	}
	p.serveDocument(w, r, d)
}

// refuse returns the status for a refused request, or 0. A request is refused if
//
//   - its target is invalid for any origin,
//   - its method is for the proxy itself,
//   - it is in a forwarding loop (RFC 9110 §7.6.3).
func refuse(r *http.Request) int {
	hasTarget := strings.HasPrefix(r.URL.Path, "/") || r.URL.Path == "" || r.URL.Path == "*" && r.Method == http.MethodOptions
	switch {
	case !hasTarget || r.URL.Opaque != "":
		return http.StatusBadRequest
	case r.Method == http.MethodConnect || r.Method == http.MethodTrace:
		return http.StatusNotImplemented
	case header.TimesForwarded(r) > header.MaxForwarded:
		return http.StatusLoopDetected
	}
	return 0
}

// isCacheable reports whether the response to a request may be stored, or come from the
// cache. A request with preconditions that only an origin can evaluate is passed to the
// origin (RFC 9111 §4.3.2).
func isCacheable(r *http.Request) bool {
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		return false
	case r.ContentLength != 0, len(r.Header["Upgrade"]) > 0:
		return false
	case len(r.Header["If-Match"]) > 0, len(r.Header["If-Unmodified-Since"]) > 0:
		return false
	}
	return true
}

// directives returns the obeyed cache directives of a request. By default, directives
// that force a fetch are ignored, because any visitor could load the origin with
// no-cache.
func (p *Proxy) directives(h http.Header) cache.RequestDirectives {
	if len(h["Cache-Control"]) == 0 && !p.options.ObeyRequestCacheControl {
		return cache.RequestDirectives{}
	}
	d := cache.ParseRequestDirectives(h)
	if !p.options.ObeyRequestCacheControl {
		return cache.RequestDirectives{OnlyIfCached: d.OnlyIfCached, MaxStale: d.MaxStale, StaleIfError: d.StaleIfError}
	}
	if len(h["Cache-Control"]) == 0 && strings.EqualFold(strings.TrimSpace(header.First(h, "Pragma")), "no-cache") { // RFC 9111 §5.4
		d.NoCache = true
	}
	return d
}

// keyFor returns the key of an address of this site. The host of the address is in its
// normal form.
func (p *Proxy) keyFor(u *url.URL, host, scheme string) cache.Key {
	return cache.Key{
		Target: registry.Target{Backend: p.options.Origin, URI: address.Target(u)},
		Scope:  unique.Make(cache.Scope{Host: host, Secure: scheme == "https", Document: true}),
	}
}

// originURL returns the origin's address of a target.
func (p *Proxy) originURL(target string) string {
	return p.origin.Scheme + "://" + p.origin.Host + "/" + strings.TrimPrefix(target, "/")
}

// fail answers a request without a response of the origin, or with a response that may
// not be passed through.
func (p *Proxy) fail(w http.ResponseWriter, r *http.Request, err error) {
	passed := passedRequestOf(r)
	if passed.client != nil {
		r = passed.client // r is the request to the origin
	}
	delete(w.Header(), "Content-Type") // set by passThrough
	passed.body.CloseConnection(w.Header())
	var unread *requestbody.Error
	if errors.As(err, &unread) {
		p.options.Fail(w, r, unread)
		return
	}
	var intercepted *interceptedError
	if errors.As(err, &intercepted) {
		intercepted.serve(w, r)
		return
	}
	p.options.Fail(w, r, &fetch.Error{Reference: r.URL.RequestURI(), Err: cmp.Or(context.Cause(r.Context()), err)})
}
