package fetch

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"selvedge/composer/internal/address"
	"selvedge/composer/internal/breaker"
	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/cachepolicy"
	"selvedge/composer/internal/encoding"
	"selvedge/composer/internal/header"
	"selvedge/composer/internal/http1"
	"selvedge/composer/internal/pagetoken"
	"selvedge/composer/internal/stream"
	"selvedge/composer/registry"
)

// Options are the settings of a Fetcher. The options of package composer with the same
// names describe them.
type Options struct {
	MaxWait      time.Duration
	PageTimeout  time.Duration
	MaxFragment  int
	MaxPage      int
	MaxInFlight  int
	CacheSize    int // 0 or less for no cache
	OptInAliases bool
	AutoLive     bool
	ESITypes     []string
	Headers      []string
	Logger       *slog.Logger

	// Client is for sources named by the operator. AllowedHosts is for hosts that are
	// only allowed.
	Client, AllowedHosts Client
}

// A Client sends GET requests by HTTP. It is safe for concurrent use.
type Client interface {
	// Do is http.RoundTripper's RoundTrip with the fields of more in addition to the
	// request's header.
	Do(r *http.Request, more http1.Appender) (*http.Response, error)
}

var (
	_ Client = (*http1.Client)(nil)
	_ Client = (*http1.Transport)(nil)
)

// A Fetcher fetches responses. It is safe for concurrent use.
type Fetcher struct {
	options Options

	// Cache is nil if no responses are stored.
	Cache *cache.Cache

	// Stylesheets are the stylesheets in the last response of each fragment.
	Stylesheets Stylesheets

	warned onceLog
}

// New returns a fetcher with an empty cache.
func New(options Options) (*Fetcher, error) {
	f := &Fetcher{options: options}
	if options.CacheSize <= 0 {
		return f, nil
	}
	var err error
	f.Cache, err = cache.New(cache.Options{
		Size: options.CacheSize, FetchTimeout: options.PageTimeout, Policy: f.policy,
		IsUnsent: func(err error) bool { return http1.IsUnreachable(err) || errors.Is(err, breaker.ErrOpen) },
	})
	return f, err
}

// policy returns the policy of a response. A response with a field of Options.Headers or
// Source.Headers in its Vary is personal, because these fields identify the visitor.
func (f *Fetcher) policy(from registry.Target, h http.Header, born, received time.Time) cachepolicy.Policy {
	p := cachepolicy.New(from, h, born, received, pagetoken.VariantBits)
	fields := from.Backend.AllowedHeaders(f.options.Headers)
	isPersonal := func(name string) bool { return slices.Contains(fields, name) }
	if len(fields) > 0 && slices.ContainsFunc(header.VaryNames(h), isPersonal) {
		p.Flags |= cachepolicy.Personal
	}
	return p
}

// Limit returns the maximum size of the body of a response, in bytes.
func (f *Fetcher) Limit(q *Request) int {
	if q.IsPage {
		return f.options.MaxPage
	}
	return f.options.MaxFragment
}

// Get returns the response to a request, stored or fetched. A response with an error
// status is a response and not an error. The caller must not change the response, because
// further callers may share it. With Request.Stream, the body may still be arriving. The
// error is an *Error.
func (f *Fetcher) Get(q *Request) (*cache.Response, cache.Status, error) {
	now := time.Now()
	if f.Cache != nil && !q.NoStore && !q.IsMissed {
		if r, status := f.Cache.Lookup(q.Key, q.Header, now); r != nil {
			return r, status, nil
		}
	}
	ctx, timeout := q.Context(now)
	r, status, err := f.fetch(ctx, q)
	if timeout.Stop(); err != nil {
		return nil, status, &Error{Reference: q.Name(), Err: err}
	}
	return r, status, nil
}

// fetch fetches a response that is not stored.
func (f *Fetcher) fetch(ctx context.Context, q *Request) (*cache.Response, cache.Status, error) {
	if f.Cache != nil && !q.NoStore {
		return f.Cache.Get(ctx, &q.Request, q)
	}
	bypass := cache.Status{Fwd: cache.FwdBypass}
	fetched, err := q.Fetch(ctx, q.Header.Header(), false)
	switch {
	case err != nil || fetched.Pump == nil:
		return fetched.Response, bypass, err
	case q.Stream:
		go fetched.Pump()
		return fetched.Response, bypass, nil
	}
	fetched.Pump()
	r, err := fetched.Whole(ctx)
	return r, bypass, err
}

// maxRedirects limits the redirects followed for a request.
const maxRedirects = 3

// errRedirect reports a redirect beyond maxRedirects, or a redirect to a different
// source.
var errRedirect = errors.New("the redirect leads to another origin, or on and on")

// GetFollowing is Get for a request that follows redirects to the same source. ownHost is
// the host of the origin, as visitors know it.
func (f *Fetcher) GetFollowing(q *Request, ownHost string) (*cache.Response, cache.Status, error) {
	for range 1 + maxRedirects {
		next := *q // a copy, because the cache keeps q during the fetch
		r, status, err := f.Get(q)
		if err != nil || !r.IsRedirect() {
			return r, status, err
		}
		target, ok := q.Redirect(r.Header.Get("Location"), ownHost)
		if !ok {
			break
		}
		next.URI, next.URL, next.IsMissed = target, nil, false
		q = &next
	}
	return nil, cache.Status{}, &Error{Reference: q.Name(), Err: errRedirect}
}

// GuardOf returns the guard of a source.
func (f *Fetcher) GuardOf(s *registry.Backend) *breaker.Guard {
	if g := s.Guard(); g != nil {
		return g
	}
	return s.SetGuard(breaker.New(breaker.Options{
		Name:     s.Name,
		Fragment: !s.External,
		InFlight: f.options.MaxInFlight,
		MinWait:  cmp.Or(s.Timeout, f.options.MaxWait) * 9 / 10,
		Logger:   f.options.Logger,
		Reason:   Reason,
		Unwanted: isUnwanted,
	}))
}

// isUnwanted reports whether a response was refused although the source works. The
// reasons are
//
//   - a denied address,
//   - a body beyond the limit,
//   - an error in the content coding.
func isUnwanted(err error) bool {
	var denied *address.Error
	return errors.As(err, &denied) || errors.Is(err, stream.ErrTooLarge) || errors.Is(err, encoding.ErrCoding)
}

// Reweigh has the cache weigh a response again, because its attachment has grown.
func (f *Fetcher) Reweigh(r *cache.Response) {
	if f.Cache != nil {
		f.Cache.Reweigh(r)
	}
}
