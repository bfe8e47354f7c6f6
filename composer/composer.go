package composer

import (
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"selvedge/composer/internal/address"
	"selvedge/composer/internal/fetch"
	"selvedge/composer/internal/header"
	"selvedge/composer/internal/http1"
	"selvedge/composer/internal/page"
	"selvedge/composer/internal/pagetoken"
	"selvedge/composer/registry"
)

// Options are the settings of a Composer. The zero value works.
//
// Every limit is one of these options:
//
//	option         default  at the limit
//	MaxWait        1 s      the include fails, unless its maxwait or its source says otherwise
//	PageTimeout    10 s     504, or the connection is aborted; the page's fetches end
//	ActionTimeout  10 s     504, or the connection is aborted; a handler's context ends
//	MaxFragment    1 MiB    the include fails
//	MaxPage        10 MiB   502, or the connection is aborted
//	MaxIncludes    256      further includes of the page fail
//	MaxDepth       5        a deeper include fails
//	MaxInFlight    128      further requests to the source wait
//	CacheSize      64 MiB   stored responses in little demand are dropped
//	TokenAge       24 h     ErrExpired: the page has to be loaded again
//
// or is fixed:
//
//	limit                    value             at the limit
//	slots of one client      MaxInFlight/4     further requests of the client wait
//	slots for uploads        MaxInFlight/4     further uploads wait
//	body of a request        64 KiB, or 1 s    it is an upload
//	failures of a source     half of requests  503 at once, except for 1 request in 1.25 s
//	failures of a route      half of requests  the same for the route
//	retries of GET           1 in 10 requests  the request fails
//	requests by connection   1,000             the connection is closed
//	reference                8 KiB             ReferenceError
//	stylesheets of a source  16                further ones are ignored
//	variants of a response   16                the oldest is dropped
//	targeted cache field     16 KiB            the field is ignored
//	Server-Timing            3 KiB             further includes are left out
//	session                  30 days           the visitor gets another session
//
// A route is the method and the beginning of a path at a fragment. Failures are
//   - of a fragment's process: failed connections;
//   - of a route: requests without a response, and the statuses 500, 502, 503 and 504;
//   - of an origin or an allowed host: failed connections, and requests without a response.
//
// Failures caused by one client alone do not reach the limit. A retry is for a GET that found
// no connection, or lost it before a response. A connection is also closed after bytes without
// a request, and after a response with two lengths, which is a 502.
type Options struct {
	// MaxWait bounds the wait for an include. Source.Timeout replaces it for one source.
	MaxWait time.Duration
	// PageTimeout bounds the time of a page, with all its fetches.
	PageTimeout time.Duration
	// ActionTimeout bounds the time of a form or an API call. The composer waits for a
	// handler of this process until the handler returns.
	ActionTimeout time.Duration

	// MaxFragment bounds the response of a fragment, in bytes, and a document that other
	// requests wait for (see Composer.Proxy).
	MaxFragment int
	// MaxPage bounds a page, in bytes: the template and all includes.
	MaxPage int
	// MaxIncludes bounds the includes of a page, on all levels together.
	MaxIncludes int

	// MaxInFlight bounds the concurrent requests to one source. A request occupies a slot
	//   - of a page: until the response is complete;
	//   - of a form or an API call: until the response is complete, or exceeds 64 KiB;
	//   - passed through by Proxy: until the response begins.
	//
	// The beginning of a request's body is read before the request takes a slot, so that
	// a slow client occupies none. A longer or slower body is an upload.
	MaxInFlight int
	// ClientAddress returns the address of the visitor of a request. One IPv4 address, or
	// IPv6 /64 network, is one client with a share of MaxInFlight, and of the failures
	// that stop a source. The zero Addr has no bound, for instance of a proxy, which must
	// not stand for its visitors. Default: ClientAddress.
	ClientAddress func(r *http.Request) netip.Addr

	// MaxDepth bounds the nesting of includes: 1 is an include of a template.
	MaxDepth int

	// NoGzip sends pages without compression. It is for pages that show a secret beside
	// text of the visitor's choice, because the compressed length tells of the secret
	// (BREACH).
	NoGzip bool
	// CacheSize bounds the memory of stored responses, in bytes, within 15 %: with programs,
	// compressed copies and elements. Beside it there are at most a quarter for pages in
	// demand at the moment, and an eighth for neighboring parts of pages that are
	// compressed as one. Negative: no response is stored.
	CacheSize int

	// ObeyRequestCacheControl lets a visitor's request refuse stored responses: no-cache,
	// no-store, max-age, min-fresh, and Pragma. By default only only-if-cached, max-stale
	// and stale-if-error count, because any visitor could bypass the cache and overload
	// the origin.
	ObeyRequestCacheControl bool

	// TokenKey signs page tokens and sessions. Two kinds of processes need the same key:
	// processes that serve each other's pages, and a process before and after a restart.
	// Default: random.
	TokenKey []byte
	// TokenAge is the lifetime of a page token.
	TokenAge time.Duration
	// Epoch is written into page tokens (see [Composer.Epoch]). Processes that share page
	// tokens need the same epoch. Default: random.
	Epoch string

	// LiveElement is HTML that makes a page live, such as the script and the element that
	// connects:
	//
	//	<script type="module" src="/-/selvedge.js"></script><div ws-connect="/-/live?page=$(SELVEDGE_PAGE)"></div>
	//
	// A template has it as $(SELVEDGE_LIVE), in esi:vars, after all includes.
	//   - $(SELVEDGE_PAGE), at most once, stands for the page token, and makes the page
	//     private. Any other variable is text.
	//   - All characters are ASCII, so that they suit the charset of each page.
	//   - If the Content-Security-Policy of a page forbids the script, or the connection to
	//     the address with the token, the page's field Selvedge-Warning says so, as far as
	//     the page is known to be live when its header is sent, and so does the log.
	//
	// Default: SELVEDGE_LIVE is empty.
	LiveElement string
	// AutoLive puts LiveElement into all pages of Page, Frame and Proxy that have none: before
	// the last </body> of the page's own template, or at its end without such a tag. A
	// </body> in a comment, a script, or a branch of esi:choose or esi:try is none. A page
	// stays as it is if
	//   - its template is not read as ESI, or is not text/html;
	//   - its template, or an included one, has $(SELVEDGE_LIVE) or $(SELVEDGE_PAGE);
	//   - it redirects, or is for one of Surrogates.
	//
	// While a template arrives, its page is held at </body> until the end of the template is
	// known. AutoLive needs a LiveElement.
	AutoLive bool

	// Invalidated is called with the groups that changed, after their stored responses are
	// dropped. It must not wait. The groups are
	//   - those that the response to a form or an API call names, before it leaves;
	//   - those given to Invalidate and Purge;
	//   - SourceGroup of a fragment whose views were purged, or with another source in the
	//     registry.
	//
	// Default: none.
	Invalidated func(groups []string)

	// SessionCookie is the name of the cookie of Session. Over TLS the default name becomes
	// __Host-selvedge-session, and any other name stays. See Session for a cookie of
	// another program with the name. Default selvedge-session.
	SessionCookie string

	// Cookies are the names of the cookies that fragments receive; "*" is all. Allowed
	// hosts receive none. Source.Cookies replaces the list for one source. Default:
	// SessionCookie only.
	Cookies []string

	// Headers are further fields of a page's request that fragments receive, such as
	// Authorization. Allowed hosts receive none. A response that depends on one of them
	// has to say so in Vary. Source.Headers replaces the list for one source. Default: none.
	Headers []string

	// Origin is the server behind Proxy: an http or https URL without a path. Addresses in
	// its responses are relative to it, unless they name a fragment. Default: none.
	Origin *url.URL
	// AllowHosts are the hosts that includes may reach besides the origin, such as
	// example.com, example.com:8443, https://example.com, *.example.com or 10.0.0.5. A name
	// that resolves to a private network is used only if the network, such as 10.0.0.0/8,
	// is on the list too (server-side request forgery). They need an Origin. Default: none.
	AllowHosts []string

	// SetCookies are the names of the cookies that fragments may set with a page, if they
	// answer before its first byte; "*" is all. An allowed host sets only named ones.
	// Cookies of responses to forms are dropped, except for Source.SetCookies, which also
	// replaces this list for one source. Default: none.
	SetCookies []string

	// OptInAliases reads responses as ESI with Edge-Control: dca=esi or X-Esi: 1 too, as
	// other composers do.
	OptInAliases bool
	// ESITypes are media types that are read as ESI on opt-in, besides HTML and XML, such
	// as text/plain. Default: none.
	ESITypes []string
	// Surrogates are the networks of other composers that may request templates from Proxy
	// (Surrogate-Capability, Edge Architecture 1.0 §2.1). Default: none.
	Surrogates []netip.Prefix

	// ESICookies are the names of the cookies that templates have as
	// $(HTTP_COOKIE{name}); "*" is all. A template that shows a cookie shows each visitor
	// their own. Default: none.
	ESICookies []string

	// EarlyHints reports whether a client accepts 103 Early Hints, of a page or of the
	// origin. It is not called for HTTP/1.0, which has no informational responses. Default:
	// HTTP/2 and later. Over HTTP/1.1 a proxy can take the 103 for the response, or answer
	// 503 (nginx before 1.29, Varnish), and such a proxy looks like a browser.
	EarlyHints func(*http.Request) bool

	// Error answers a request that failed with err: a *FetchError, *RequestError,
	// *RefusedError, *VersionError or *ReferenceError, of status StatusOf(err). Nothing has
	// been written, and in the header are only Allow, Retry-After and WWW-Authenticate of a
	// fragment that refused, and its cookies (Source.SetCookies). Default: the status as
	// plain text. The ErrorPages of package server answer with pages and problem JSON.
	Error func(w http.ResponseWriter, r *http.Request, err error)

	// ShowHosts has Server-Timing name the hosts of includes of the origin and of allowed
	// hosts, so visitors learn the servers behind the composer. Default: the path alone.
	ShowHosts bool

	// Debug reports whether a page may show its includes to the sender of its request, which
	// is a GET or HEAD with selvedge=debug in its query. The page has a panel with the
	// reference, version, source, cache status, age, time and place of each include, and says
	// Cache-Control: no-store. It is written when it is complete. Serve [DebugFile] beside it.
	//
	//   - The parameter is removed from the request of every page, allowed or not, so that it
	//     reaches no include, no variable and no key of the cache.
	//   - Debug is called with a copy of the request, and may remove from its header what no
	//     source may receive, such as the credentials of an operator.
	//
	// Danger: the panel names hosts, versions and errors. Default: selvedge=debug is a
	// parameter like any other.
	Debug func(r *http.Request) bool
	// ShowFailures shows a message in place of each failed include: its reference, time,
	// reason and place. It stands before the content of the include, which is shown as ever.
	// Without content and without onerror="continue" it stands in place of the error of the
	// page, except for a primary or required include, and one in esi:attempt. Messages that
	// would stand in an attribute or in a script are left out. Serve [DebugFile] beside it.
	//
	// Danger: the messages name hosts and errors. It is for development.
	ShowFailures bool
	// Inspect is called with each response that a page is made of: of its template, and of its
	// includes, stored or not, which are fetched as a whole. The results are warnings for
	// their authors: they are logged once, and stand in Selvedge-Warning of the page as far as
	// they are known when its header is sent. Inspect is called by several goroutines, and
	// must change neither header nor body. It is for development. Default: none.
	Inspect func(reference string, header http.Header, body []byte) []string

	// Logger receives failed includes: once a second for each source and reason, with
	// their number. Default slog.Default().
	Logger *slog.Logger

	// NetHTTP sends all requests by http.Transport. By default, GET requests for
	// fragments and documents are sent by a client that needs no goroutine for a
	// connection, and takes less time for a page with many includes. Both have the same
	// limits and accept the same responses.
	NetHTTP bool
}

func (o Options) withDefaults() Options {
	def(&o.MaxWait, time.Second)
	def(&o.PageTimeout, 10*time.Second)
	def(&o.ActionTimeout, 10*time.Second)
	def(&o.TokenAge, 24*time.Hour)
	def(&o.MaxFragment, 1<<20)
	def(&o.MaxPage, 10<<20)
	def(&o.MaxIncludes, 256)
	def(&o.MaxInFlight, 128)
	def(&o.MaxDepth, 5)
	if o.CacheSize == 0 {
		o.CacheSize = 64 << 20
	}
	if o.TokenKey == nil {
		o.TokenKey = []byte(rand.Text())
	}
	if o.Epoch == "" {
		o.Epoch = rand.Text()
	}
	if o.SessionCookie == "" {
		o.SessionCookie = defaultSessionCookie
	}
	if o.Cookies == nil {
		o.Cookies = []string{o.SessionCookie}
	}
	if o.Error == nil {
		o.Error = func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, http.StatusText(StatusOf(err)), StatusOf(err))
		}
	}
	if o.ClientAddress == nil {
		o.ClientAddress = ClientAddress
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	return o
}

// def sets an option to its default, unless it is above 0.
func def[T int | time.Duration](option *T, value T) {
	if *option <= 0 {
		*option = value
	}
}

// Composer assembles pages from the fragments of a registry. It is safe for concurrent use.
//
// A handler without a response, because the client has left or the connection has to be
// aborted, panics with [http.ErrAbortHandler]. Middleware that recovers panics must let that
// one pass.
//
// A goroutine outlives its request in two cases:
//   - it fetches a stored response again, until Close;
//   - it runs a handler of this process that does not return.
type Composer struct {
	registry  *Registry
	unwatch   func() // of the registry
	options   Options
	resolver  *registry.Resolver
	fetcher   *fetch.Fetcher
	pages     *page.Assembler
	sessions  *sessionCookies
	tokens    *pagetoken.Signer
	templates pageTemplates

	client       *http1.Client    // for fragments and documents
	allowedHosts *http1.Client    // for hosts that are only allowed
	transport    *http1.Transport // for other methods than GET; with NetHTTP for all
	passthrough  *http1.Transport // to the origin, for requests that are passed through
	allowedByNet *http1.Transport // for hosts that are only allowed, with NetHTTP
}

// Epoch returns the epoch of the composer's page tokens. A page of another epoch is sent all
// its views when it connects, so the hub of a composer needs the same epoch. The hub takes
// it from the method Epoch of its Pages; a struct that embeds the composer has it.
func (c *Composer) Epoch() string { return c.options.Epoch }

// New returns a composer of the fragments of a registry. Sources can be added later.
func New(fragments *Registry, options Options) (*Composer, error) {
	options = options.withDefaults()
	if err := (&http.Cookie{Name: options.SessionCookie}).Valid(); err != nil {
		return nil, fmt.Errorf("Options.SessionCookie is %q: %w", options.SessionCookie, err)
	}
	var err error
	if options.Headers, err = header.ForwardableFields(options.Headers); err != nil {
		return nil, err
	}
	allowed, err := address.NewAllowList(options.AllowHosts)
	if err != nil {
		return nil, err
	}
	resolver, err := registry.NewResolver(fragments, options.Origin, allowed)
	if err != nil {
		return nil, err
	}
	live, err := page.NewLiveElement(options.LiveElement)
	switch {
	case err != nil:
		return nil, fmt.Errorf("Options.LiveElement: %w", err)
	case live == nil && options.AutoLive:
		return nil, errors.New("Options.AutoLive needs Options.LiveElement")
	}
	dialer := net.Dialer{Timeout: options.ActionTimeout}
	client := http1.New(dialer.DialContext, options.ActionTimeout, options.MaxInFlight)
	transport := http1.NewTransport(client, options.MaxInFlight)
	c := &Composer{
		registry: fragments,
		options:  options,
		resolver: resolver,
		sessions: newSessionCookies(options),
		tokens: &pagetoken.Signer{
			Key: options.TokenKey, Epoch: options.Epoch, MaxAge: options.TokenAge, PageTimeout: options.PageTimeout,
		},
		client:       client,
		allowedHosts: http1.New(allowed.DialContext(dialer), options.ActionTimeout, options.MaxInFlight),
		transport:    transport,
		passthrough:  transport.WithHeaderTimeout(options.ActionTimeout),
	}
	c.allowedByNet = http1.NewTransport(c.allowedHosts, options.MaxInFlight)
	if c.fetcher, err = c.newFetcher(); err != nil {
		return nil, err
	}
	if c.pages, err = c.newAssembler(live); err != nil {
		return nil, err
	}
	c.unwatch = fragments.Watch(c.sourceChanged)
	return c, nil
}

func (c *Composer) newFetcher() (*fetch.Fetcher, error) {
	o := c.options
	var client, allowedHosts fetch.Client = c.client, c.allowedHosts
	if o.NetHTTP {
		client, allowedHosts = c.transport, c.allowedByNet
	}
	return fetch.New(fetch.Options{
		MaxWait: o.MaxWait, PageTimeout: o.PageTimeout,
		MaxFragment: o.MaxFragment, MaxPage: o.MaxPage, MaxInFlight: o.MaxInFlight, CacheSize: o.CacheSize,
		OptInAliases: o.OptInAliases, AutoLive: o.AutoLive, ESITypes: o.ESITypes, Headers: o.Headers, Logger: o.Logger,
		Client: client, AllowedHosts: allowedHosts,
	})
}

func (c *Composer) newAssembler(live *page.LiveElement) (*page.Assembler, error) {
	o := c.options
	return page.New(page.Options{
		MaxWait: o.MaxWait, PageTimeout: o.PageTimeout,
		MaxFragment: o.MaxFragment, MaxPage: o.MaxPage, MaxIncludes: o.MaxIncludes, MaxDepth: o.MaxDepth, CacheSize: o.CacheSize,
		NoGzip: o.NoGzip, ShowHosts: o.ShowHosts, Headers: o.Headers, ESICookies: o.ESICookies, SetCookies: o.SetCookies,
		EarlyHints: o.EarlyHints, Logger: o.Logger, Debug: o.Debug, ShowFailures: o.ShowFailures, Inspect: o.Inspect,
		Fetcher: c.fetcher, Registry: c.registry, Resolver: c.resolver, Tokens: c.tokens, Live: live,
		ClientAddress: c.clientOf, Session: c.SessionID, IsReserved: c.sessions.reserves,
		IncludeHeader: c.includeHeader, ViewHeader: c.viewHeader, VariantHeader: c.variantHeader,
	})
}

// Close cancels background fetches, and closes idle connections to other processes.
func (c *Composer) Close() {
	c.unwatch()
	c.pages.Close()
	if c.fetcher.Cache != nil {
		c.fetcher.Cache.Close()
	}
	c.client.CloseIdleConnections()
	c.allowedHosts.CloseIdleConnections()
	c.transport.CloseIdleConnections()
	c.passthrough.CloseIdleConnections()
	c.allowedByNet.CloseIdleConnections()
}

// pageRequest returns the request of a page, with its Host in normal form.
func (c *Composer) pageRequest(r *http.Request) *http.Request {
	return normalHost(c.pages.AcceptDebug(r))
}

// normalHost returns r with its Host in normal form.
func normalHost(r *http.Request) *http.Request {
	return address.WithNormalHost(r, header.Scheme(r))
}
