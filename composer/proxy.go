package composer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"
	"unique"

	"selvedge/composer/internal/address"
	"selvedge/composer/internal/header"
	"selvedge/composer/internal/http1"
	"selvedge/composer/registry"
)

// Proxy serves the documents of an origin, a URL of http or https that has a
// host and nothing else. It is a gateway with a shared cache (RFC 9110 §3.7,
// RFC 9111): what is stored is answered from the store as long as that is
// right, and everything else passes, streaming, with WebSockets, trailers and
// informational responses.
//
// Unlike a fragment, an origin receives all of a request's header that is not
// about the connection, and is asked for the visitor's Host. It learns who asks
// from X-Forwarded-For, -Host and -Proto, which are ours whatever was sent.
//
// Proxy panics if the composer has no Options.Origin.
func (c *Composer) Proxy() http.Handler {
	if c.resolver.Origin == nil {
		panic("composer: Proxy needs Options.Origin, the server that it stands in front of")
	}
	p := &proxy{Composer: c, source: c.resolver.Origin, origin: c.resolver.Origin.URL, transport: c.documents}
	p.client = c.client.WithHeaderTimeout(c.options.ActionTimeout)
	p.through = &httputil.ReverseProxy{
		Rewrite:        p.rewrite,
		Transport:      roundTripper(p.exchange),
		ModifyResponse: p.passing,
		ErrorHandler:   p.failed,
		ErrorLog:       slog.NewLogLogger(c.options.Logger.Handler(), slog.LevelWarn),
	}
	return p
}

// proxy is a gateway to an origin.
type proxy struct {
	*Composer
	source    *registry.Backend // the origin
	origin    *url.URL
	client    *http1.Client          // for documents
	transport *http1.Transport       // for what passes
	through   *httputil.ReverseProxy // for what is not answered from the store
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if status := refuse(r); status != 0 {
		http.Error(w, http.StatusText(status), status)
		return
	}
	r = header.KeepOnlyWebSocket(withNormalHost(r))
	d := p.demandOf(r.Header)
	if p.cache == nil || d.noStore || !concernsCache(r) {
		p.handOn(w, r, nil)
		return
	}
	p.document(w, r, d)
}

// concernsCache reports whether the cache may have an answer to a request, or
// get one. Preconditions that only an origin can evaluate go to it (RFC 9111
// §4.3.2).
func concernsCache(r *http.Request) bool {
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

// keyFor returns the key of what an address of this site names. The host is in its
// normal form, as that of a request is from ServeHTTP on.
func (p *proxy) keyFor(u *url.URL, host, scheme string) key {
	target := documentTarget(u)
	return key{registry.Target{Backend: p.source, URI: target}, unique.Make(audience{host: host, secure: scheme == "https", document: true})}
}

// documentTarget returns what an address asks an origin for.
func documentTarget(u *url.URL) string {
	target := address.EscapedPath(u)
	if target == "" {
		target = "/"
	}
	switch query := address.WithoutArguments(u.RawQuery); {
	case query != "":
		target += "?" + address.EscapeQuery(query)
	case u.ForceQuery: // a ? and nothing after it
		target += "?"
	}
	return target
}

// What a request comes to that the origin could not be asked for. Both are
// answered with 504.
var (
	errNotStored    = fmt.Errorf("nothing that is stored will do: %w", context.DeadlineExceeded)
	errDisconnected = fmt.Errorf("what is stored must be validated: %w", context.DeadlineExceeded)
)

// document answers a GET or HEAD from the store if that will do, and otherwise
// asks the origin.
func (p *proxy) document(w http.ResponseWriter, r *http.Request, d demand) {
	k, now := p.keyFor(r.URL, r.Host, header.Scheme(r)), time.Now()
	found := p.find(k, r)
	switch {
	case found != nil && d.accepts(found, now):
		p.serve(w, r, &found.response, found.hit(now))
	case d.onlyIfCached: // RFC 9111 §5.2.1.7
		p.failed(w, r, errNotStored)
	case r.Method == http.MethodHead, found == nil && header.WantsRange(r):
		p.handOn(w, r, nil) // less than a whole document is not stored
	default:
		p.fetch(w, r, k, p.inbound(r), d)
	}
}

// find returns what is stored for a request, or nil.
func (p *proxy) find(k key, r *http.Request) *stored {
	return p.cache.lookup(k).match(inboundHeader{p, r})
}

// inboundHeader is the header with which the origin is asked, made only if
// somebody has to know it.
type inboundHeader struct {
	proxy   *proxy
	request *http.Request
}

func (h inboundHeader) fields() http.Header { return h.proxy.inbound(h.request) }

// query returns the question for a document.
func (p *proxy) query(r *http.Request, k key, header http.Header, d demand) *query {
	return &query{
		key: k, text: k.URI, header: fixedHeader(header), client: p.clientOf(r), demand: d,
		ask: p.ask, life: r.Context(), deadline: time.Now().Add(p.options.PageTimeout), pieces: true, page: true,
	}
}

// fetch answers a request with what the origin says to it, or to others like
// it, and stores that if it may.
func (p *proxy) fetch(w http.ResponseWriter, r *http.Request, k key, header http.Header, d demand) {
	relay := p.newRelay(w, r)
	q := p.query(r, k, header, d)
	var leave func()
	q.life, leave = context.WithCancel(relay.trace(r.Context()))
	defer leave()
	ctx, term := q.context(time.Now())
	answer, u, err := p.cache.get(ctx, q)
	term.over()
	relay.end()
	if err == nil {
		p.serve(w, r, answer, u)
		return
	}
	if found := p.find(k, r); found != nil && found.strict {
		err = fmt.Errorf("%w: %w", errDisconnected, err) // RFC 9111 §5.2.2.2
	}
	p.failed(w, r, err)
}

// failed answers a request that nothing passes for. Its origin could not be
// asked, or the answer is not one that may pass.
func (p *proxy) failed(w http.ResponseWriter, r *http.Request, err error) {
	through := transitOf(r)
	if through.visitor != nil {
		r = through.visitor // r is the request to the origin
	}
	delete(w.Header(), "Content-Type") // of handOn
	through.body.closeAfter(w.Header())
	var request *RequestError
	if errors.As(err, &request) {
		p.fail(w, r, request)
		return
	}
	var kept *keptError
	if errors.As(err, &kept) {
		kept.instead(w, r)
		return
	}
	p.fail(w, r, &FetchError{Reference: r.URL.RequestURI(), Err: cmp.Or(context.Cause(r.Context()), err)})
}

// originOf returns the origin's address of a target.
func (p *proxy) originOf(target string) string {
	return p.origin.Scheme + "://" + p.origin.Host + "/" + strings.TrimPrefix(target, "/")
}
