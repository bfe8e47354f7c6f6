package composer

import (
	"crypto/rand"
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
//	MaxWait        1 s      the include fails, unless its maxwait says otherwise
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
	// MaxWait bounds the time a page waits for an include that says nothing
	// of its own. Default 1 s.
	MaxWait time.Duration
	// PageTimeout bounds the time for a whole page; its end is the end of all
	// its fetches. Default 10 s.
	PageTimeout time.Duration
	// ActionTimeout bounds the time a form or an API call may take. A handler
	// of this process is not cut off then: its context ends. Default 10 s.
	ActionTimeout time.Duration

	// MaxFragment is the largest answer of a fragment, in bytes; a larger one
	// is a failed include. Default 1 MiB.
	MaxFragment int
	// MaxPage is the largest page, in bytes, its template and all that it
	// includes; a larger one is an error. Default 10 MiB.
	MaxPage int
	// MaxIncludes bounds the includes of a page, all levels together; those
	// above it fail. Default 256.
	MaxIncludes int
	// MaxInFlight bounds the requests to one source at a time; who comes above
	// it waits. What Proxy hands on holds its place until the answer begins, and
	// an action until its answer is complete, or larger than 64 KiB. Up to 64 KiB of
	// a request's body are read before it asks for a place, for at most 1 s; a body
	// that is longer or slower asks for one of a quarter as many, which are for
	// nothing else. One client holds a quarter of either at most. Default 128.
	MaxInFlight int
	// ClientAddress returns the address of the visitor who sent a request: one
	// IPv4 address, or IPv6 /64 network, has a share of MaxInFlight, and of the
	// failures for which a source is given up. The zero Addr has no bound; a
	// proxy must not stand for its visitors. Default: ClientAddress.
	ClientAddress func(r *http.Request) netip.Addr
	// MaxDepth bounds how deep fragments may include fragments; an include
	// below it fails. Default 5.
	MaxDepth int
	// NoGzip leaves pages as they are. By default they are compressed for who
	// takes that.
	NoGzip bool
	// CacheSize bounds the memory for stored answers and all that is made of
	// them (programs, compressed copies, elements), in bytes, within 15 %.
	// Pages that are in demand right now take a quarter of that beside it, at
	// most, and neighboring parts of pages that are compressed as one an eighth.
	// Default 64 MiB; negative: nothing is stored.
	CacheSize int

	// ObeyRequestCacheControl lets a visitor's request say that it wants no stored
	// answer: no-cache, no-store, max-age, min-fresh, and Pragma. By default only
	// only-if-cached, max-stale and stale-if-error count, because any visitor
	// could turn the cache off for their requests, and load the origin.
	ObeyRequestCacheControl bool

	// TokenKey signs page tokens and sessions. Processes that serve each other's pages, and
	// a process that goes on after a restart, need the same. Default: random.
	TokenKey []byte
	// TokenAge is how long a page may connect with its token. Default 24 h.
	TokenAge time.Duration
	// Epoch is written into page tokens, as it is; see [Composer.Epoch].
	// Processes that share page tokens need the same. Default: random.
	Epoch string

	// Invalidated is told of the groups that an answer to a form or an API
	// call says were changed, before the answer leaves, of those given to
	// Invalidate, and of a group of all views of a fragment when a source of it
	// is added to the registry. By then their stored answers are gone. It must
	// not wait.
	Invalidated func(groups []string)

	// SessionCookie is the name of the cookie that Session sets. Over TLS too the
	// cookie has this name, unless it is the default one, which is
	// __Host-selvedge-session there. See Session for what happens where another
	// program has a cookie of that name. Default selvedge-session.
	SessionCookie string

	// Cookies are the names of the cookies that fragments receive; "*" is all of
	// them. Hosts that are only allowed receive none. Default SessionCookie and no
	// other.
	Cookies []string

	// Headers are fields of a page's request that fragments receive beside those
	// that all receive, such as Authorization. Hosts that are only allowed do not.
	// A fragment whose answer depends on one says so in Vary. Default none.
	Headers []string

	// Origin is what the composer stands in front of (see Proxy): addresses in
	// its answers that name no fragment are relative to it. It is an http or
	// https URL without a path. Default none.
	Origin *url.URL
	// AllowHosts are the hosts that includes may reach besides the origin, such
	// as example.com, example.com:8443, https://example.com, *.example.com or
	// 10.0.0.5. A name that leads to an address of a private network is asked
	// only if the network, such as 10.0.0.0/8, is on the list too. They count
	// only with an Origin. Default none.
	AllowHosts []string

	// SetCookies are the names of the cookies that fragments may set with a
	// page, if they answer before it begins to leave; "*" is all of them, but not
	// for hosts that are only allowed, which set those that are named. The
	// cookies of a form's answer do not pass. Default none.
	SetCookies []string

	// OptInAliases lets an answer opt in to being read as ESI with
	// Edge-Control: dca=esi or X-Esi: 1, as other composers have it.
	OptInAliases bool
	// ESITypes are media types that are read as ESI if they opt in, beside HTML
	// and XML, such as text/plain. Default none.
	ESITypes []string
	// Surrogates are the networks from which another composer may ask Proxy for
	// its templates as they are (Surrogate-Capability, Edge Architecture 1.0
	// §2.1). Default none.
	Surrogates []netip.Prefix

	// ESICookies are the names of the cookies that templates know as
	// $(HTTP_COOKIE{name}); "*" is all of them. A template that shows one shows
	// each visitor their own. Default none.
	ESICookies []string

	// EarlyHints reports whether the client of a request may be sent 103 Early
	// Hints, of a page or of the origin. It is not asked for HTTP/1.0, which
	// has no informational responses. Default: over HTTP/2 and later only, for
	// by HTTP/1.1 comes many a proxy that takes a 103 for the answer, or answers
	// 503: nginx before 1.29 and Varnish. HTTP/1.1 does not tell a browser from
	// such a proxy.
	EarlyHints func(*http.Request) bool

	// Error answers a request that the composer cannot: err is a *FetchError,
	// *RequestError, *RefusedError, *VersionError or *ReferenceError, whose status
	// is StatusOf(err). It is called before anything was written, and before
	// anything was set in the header but Allow, Retry-After and WWW-Authenticate
	// of a fragment that refused. Default: the status with its plain text.
	Error func(w http.ResponseWriter, r *http.Request, err error)

	// ShowHosts has Server-Timing name includes of the origin and of allowed
	// hosts with their host, which tells visitors what stands behind the
	// composer. Default: their path alone.
	ShowHosts bool

	// Logger is told of failed includes, at most once a second for each source
	// and reason, with their number. Default slog.Default().
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

// def sets an option that is not above 0 to its default.
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
	templates templateNames

	client       *http1.Client    // for fragments and documents
	allowedHosts *http1.Client    // for hosts that are only allowed
	transport    *http1.Transport // for other methods than GET; with NetHTTP for all
	passthrough  *http1.Transport // to the origin, for requests that are passed through
	allowedByNet *http1.Transport // for hosts that are only allowed, with NetHTTP
}

// Epoch returns the epoch of the composer's page tokens. A page that another
// epoch rendered is sent all its views when it connects, so that the hub of a
// composer needs the same one. It takes it from its Pages, if these have a method
// Epoch, as a struct has that embeds the composer.
func (c *Composer) Epoch() string { return c.options.Epoch }

// New returns a composer of fragments, to which sources may still be added.
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
	if c.pages, err = c.newAssembler(); err != nil {
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
		OptInAliases: o.OptInAliases, ESITypes: o.ESITypes, Headers: o.Headers, Logger: o.Logger,
		Client: client, AllowedHosts: allowedHosts,
	})
}

func (c *Composer) newAssembler() (*page.Assembler, error) {
	o := c.options
	return page.New(page.Options{
		MaxWait: o.MaxWait, PageTimeout: o.PageTimeout,
		MaxFragment: o.MaxFragment, MaxPage: o.MaxPage, MaxIncludes: o.MaxIncludes, MaxDepth: o.MaxDepth, CacheSize: o.CacheSize,
		NoGzip: o.NoGzip, ShowHosts: o.ShowHosts, Headers: o.Headers, ESICookies: o.ESICookies, SetCookies: o.SetCookies,
		EarlyHints: o.EarlyHints, Logger: o.Logger,
		Fetcher: c.fetcher, Registry: c.registry, Resolver: c.resolver, Tokens: c.tokens,
		ClientAddress: c.clientOf, Session: c.SessionID, IncludeHeader: c.includeHeader,
	})
}

// Close cancels fetches in the background, and closes the idle connections to other
// processes.
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

// normalHost returns a request whose Host is in its normal form.
func normalHost(r *http.Request) *http.Request {
	return address.WithNormalHost(r, header.Scheme(r))
}
