package page

import (
	"context"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
	"unique"

	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/fetch"
	"selvedge/composer/registry"
)

// pageRequest is the state of a page request. Fields unused by a page of stored parts are
// made on first use.
type pageRequest struct {
	assembler *Assembler
	options   *Options
	request   *http.Request // nil for a rendered view, which has no client
	isLimited bool          // stored responses from before since are not used
	variance  byte          // by the writer: the variance of the responses within the current response
	within    []string      // by the writer: see pagetoken.Entry, for the same responses
	maxAge    uint32        // from since to started, in milliseconds
	frame     *Frame        // the content surrounded by the page, or nil
	isPage    bool          // neither a single fragment nor a view
	isLive    bool          // the live element was written
	hasToken  bool          // a page token was written
	started   time.Time

	scope unique.Handle[cache.Scope]

	generation uint64    // of the cache at the start
	freshUntil time.Time // all hits are fresh until then

	base      context.Context
	life      context.Context // ends with the page
	cancel    context.CancelFunc
	address   netip.Addr  // of the client
	header    http.Header // sent to includes
	variables atomic.Pointer[requestVariables]

	lifeOnce, headerOnce, variablesOnce sync.Once

	includes   atomic.Int32
	isOutdated atomic.Bool // a response from before since was used
	timings    timings
	writer     pageWriter
	top        templateExecution // of the page's template
	buffers    *pageBuffers
	goroutines sync.WaitGroup
	views      []viewCandidate // by the writer
	trace      *pageTrace      // nil for most pages
}

// newPageRequest returns the state of a request. The caller calls end.
func (a *Assembler) newPageRequest(r *http.Request, frame *Frame) *pageRequest {
	pr := &pageRequest{
		assembler: a, options: &a.options,
		request: r, frame: frame, base: r.Context(),
		started: time.Now(), scope: unique.Make(cache.ScopeOf(r)),
	}
	pr.takeBuffers()
	if a.fetcher.Cache != nil {
		pr.generation = a.fetcher.Cache.Generation()
	}
	pr.freshUntil = pr.started.Add(microcacheTime)
	pr.trace = a.newTrace(r)
	return pr
}

// newViewRequest returns the state of the rendering of a view, with the header for
// fragments and the address of the visitor, if any. The caller calls end.
func (a *Assembler) newViewRequest(ctx context.Context, h http.Header, client netip.Addr) *pageRequest {
	pr := &pageRequest{assembler: a, options: &a.options, base: ctx, started: time.Now(), scope: cache.NoScope, address: client}
	pr.takeBuffers()
	pr.trace = a.newTrace(nil)
	pr.headerOnce.Do(func() { pr.header = h })
	return pr
}

// noteHit records the remaining lifetime of a stored response.
func (pr *pageRequest) noteHit(status cache.Status) {
	if until := pr.started.Add(status.TTL); until.Before(pr.freshUntil) {
		pr.freshUntil = until
	}
}

// host returns the host of the site, as the client knows it, or "" for a view.
func (pr *pageRequest) host() string { return pr.scope.Value().Host }

// context returns the context of all fetches of the page. The first call also reads the
// client's address, once for all fetches.
func (pr *pageRequest) context() context.Context {
	pr.lifeOnce.Do(func() {
		pr.life, pr.cancel = context.WithDeadline(pr.base, pr.deadline())
		if pr.request != nil {
			pr.address = pr.options.ClientAddress(pr.request)
		}
	})
	return pr.life
}

// elapsed returns the time since the start of the page.
func (pr *pageRequest) elapsed() time.Duration { return time.Since(pr.started) }

// deadline returns the time by which the page has to be complete.
func (pr *pageRequest) deadline() time.Time { return pr.started.Add(pr.options.PageTimeout) }

// Header returns the header sent to the page's fragments without settings of their own. The
// header of a view has all cookies of the view.
func (pr *pageRequest) Header() http.Header {
	pr.headerOnce.Do(func() { pr.header = pr.options.IncludeHeader(pr.request, nil) })
	return pr.header
}

// requestVariables returns the variables of the request.
func (pr *pageRequest) requestVariables() *requestVariables {
	pr.variablesOnce.Do(func() {
		if pr.request != nil {
			pr.variables.Store(newRequestVariables(pr.request, pr.options.ESICookies))
		} else {
			pr.variables.Store(&requestVariables{header: pr.Header()})
		}
	})
	return pr.variables.Load()
}

// canceled is the context of a page that ended before its first use of a context.
var canceled = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

// end cancels all fetches, and returns when they have ended.
func (pr *pageRequest) end() {
	pr.lifeOnce.Do(func() { pr.life, pr.cancel = canceled, func() {} })
	pr.cancel()
	pr.goroutines.Wait()
	pr.returnBuffers()
}

func (pr *pageRequest) key(at registry.Target) cache.Key {
	return cache.Key{Target: at, Scope: pr.scope}
}

// newFetch returns a request for a target. The page waits for the response, or for its
// beginning, for the given time, and no longer than the page's own deadline.
func (pr *pageRequest) newFetch(at registry.Target, wait time.Duration) *fetch.Request {
	deadline := pr.deadline()
	if until := time.Now().Add(wait); until.Before(deadline) {
		deadline = until
	}
	life := pr.context()
	return &fetch.Request{
		Request: cache.Request{Key: pr.key(at), Header: pr.headerFor(at, false), Directives: pr.directives(), Life: life, Deadline: deadline},
		Fetcher: pr.assembler.fetcher, Client: pr.address, Level: 1, IsMissed: pr.isLimited,
	}
}

// session returns the session of the visitor, or "" for a view.
func (pr *pageRequest) session() string {
	if pr.request == nil {
		return ""
	}
	return pr.options.Session(pr.request)
}
