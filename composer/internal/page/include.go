package page

import (
	"cmp"
	"context"
	"errors"
	"html"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"selvedge/composer/esi"
	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/document"
	"selvedge/composer/internal/fetch"
	"selvedge/composer/internal/header"
	"selvedge/composer/internal/pagetoken"
	"selvedge/composer/registry"
)

// The references to the fields of a Frame in its template.
const (
	frameBodyReference  = "/-/answer"
	frameTitleReference = "/-/title"
)

// includeFetch is an awaited include. Its result may be read after done is closed.
type includeFetch struct {
	include   *esi.Include
	execution *execution           // the execution with the include
	address   document.ResolvedURL // resolved only if it has no variables
	timing    int                  // its index in the timings
	done      chan struct{}
	isMissed  bool // the cache has no response for src

	child        *execution // of a response that is awaited as a whole
	state        segmentState
	stylesheets  []string         // of the response
	isHit        bool             // the response was stored
	isAlt        bool             // alt is shown
	isFallback   bool             // src and alt have failed
	isLate       bool             // no response arrived in time
	pendingView  *pagetoken.Entry // the view to be sent to the page later, or nil
	err          error            // the page fails with it
	refusal      *RefusedError    // a 4xx of the source, even if a fallback is shown
	redirectRace atomic.Uint32    // of a primary include: see mayRedirect

	trace          *includeTrace // nil unless the page has a trace
	isShownFailure bool          // a message stands in place of err
}

// startInclude starts an include. A stored response is used at once.
func (pr *pageRequest) startInclude(e *execution, include *esi.Include) segmentState {
	at := e.template.static[include]
	isLookedUp := pr.mayLookUp(e, include, at)
	if isLookedUp {
		if response := pr.lookUp(include, at); response != nil && pr.countInclude() {
			pr.timings.hits.Add(1)
			return pr.withChild(e, segmentState{include: include, reference: at.Text, response: response, isHit: true})
		}
	}
	f := &includeFetch{include: include, execution: e, address: at, done: make(chan struct{}), isMissed: isLookedUp}
	if !at.IsResolved() {
		f.address.Text = pr.requestVariables().address(include.Src)
	}
	if pr.trace != nil {
		f.trace = new(includeTrace)
	}
	f.timing = pr.timings.start(pr.timingReference(f.address.Text))
	pr.goroutines.Go(func() {
		fetch.GrowStack(f.timing)
		pr.fetchInclude(f)
	})
	return segmentState{include: include, fetch: f}
}

// mayLookUp reports whether an include may show a stored response without any further
// decision.
func (pr *pageRequest) mayLookUp(e *execution, include *esi.Include, at document.ResolvedURL) bool {
	return at.IsResolved() && pr.trace == nil && pr.assembler.fetcher.Cache != nil && !pr.isLimited && pr.frame == nil && e.depth <= pr.options.MaxDepth &&
		!include.Primary && !include.NoStore && include.Src.Part() == ""
}

// lookUp returns the stored response for an include if the response may be shown
// unchanged, or nil.
func (pr *pageRequest) lookUp(include *esi.Include, at document.ResolvedURL) *cache.Response {
	response, status := pr.assembler.fetcher.Cache.Lookup(pr.key(at.Target), pr.headerFor(at.Target, include.Public), pr.started)
	if response == nil || !response.IsSuccess() || document.Of(response).IsForeign(pr.writer.charset) {
		return nil
	}
	pr.noteHit(status)
	return response
}

// countInclude counts an include, and reports whether the number is within MaxIncludes.
func (pr *pageRequest) countInclude() bool {
	return pr.includes.Add(1) <= int32(pr.options.MaxIncludes)
}

// withChild starts the includes of the response of a state.
func (pr *pageRequest) withChild(e *execution, s segmentState) segmentState {
	if s.child == nil && s.response.IsTransformed() {
		s.child = pr.execute(s.response, e.depth+1, e.isAtomic)
	}
	return s
}

// fetchInclude fetches an include. If src and alt fail, fetchInclude starts the fallback:
// the content of the element, or nothing with onerror="continue".
func (pr *pageRequest) fetchInclude(f *includeFetch) {
	defer close(f.done)
	response, err := pr.fetchSrcOrAlt(f)
	if err == nil {
		pr.timings.end(f.timing, "")
		f.stylesheets = document.Of(response).Stylesheets()
		f.state = pr.withChild(f.execution, segmentState{
			include: f.include, reference: f.address.Text, response: response, isHit: f.isHit, child: f.child,
		})
		if f.trace != nil && response.Backend != nil {
			f.trace.warnings = pr.inspect(f.address.Text, response)
		}
		return
	}
	pr.timings.end(f.timing, failureReason(err))
	pr.logFailure(f, err)
	f.isFallback, f.state = true, segmentState{include: f.include}
	switch {
	case f.include.Fallback != nil:
		f.isLate = f.execution.isLate || errors.Is(err, context.DeadlineExceeded)
		f.state.child = pr.executeFallback(f.execution, f.include.Fallback, f.execution.isAtomic, f.isLate)
		f.pendingView = pr.pendingViewOf(f, err)
	case pr.showsFailure(f):
		f.isShownFailure = true
	case !f.include.ContinueOnError:
		f.err = pageError(f.address.Text, err)
	}
}

// showsFailure reports whether a message stands in place of the error of a failed include.
// The error remains for a try, for an include that decides the page's status, and for a view.
func (pr *pageRequest) showsFailure(f *includeFetch) bool {
	i := f.include
	return pr.trace != nil && pr.trace.shows && !i.ContinueOnError && !i.Primary && !i.Required && !f.execution.isAtomic
}

// pageError returns the error of a page for a failed include. The error is always a
// *fetch.Error, because an include of a missing fragment is no mistake in the address of
// the page.
func pageError(reference string, err error) error {
	var failed *fetch.Error
	if errors.As(err, &failed) {
		return err
	}
	return &fetch.Error{Reference: reference, Err: errors.New(err.Error())}
}

// fetchSrcOrAlt fetches src, or alt if src fails.
func (pr *pageRequest) fetchSrcOrAlt(f *includeFetch) (*cache.Response, error) {
	if f.execution.depth > pr.options.MaxDepth {
		return nil, &fetch.Error{Reference: f.address.Text, Err: errTooDeep}
	}
	response, err := pr.fetchAddress(f, f.address.Text, f.include.Src.Part())
	if f.trace != nil {
		f.trace.err = err
	}
	if alt := f.include.Alt; err != nil && !alt.Empty() {
		if other, altErr := pr.fetchAddress(f, pr.requestVariables().address(alt), alt.Part()); altErr == nil {
			f.isAlt = true
			return other, nil
		}
	}
	return response, err
}

// fetchAddress fetches an address of an include. With a part, the result is the element
// of the response with this id. Only a 2xx is a success.
func (pr *pageRequest) fetchAddress(f *includeFetch, address, part string) (*cache.Response, error) {
	if !pr.countInclude() {
		return nil, &fetch.Error{Reference: address, Err: errTooMany}
	}
	if pr.frame != nil && strings.HasPrefix(address, "/-/") && !pr.assembler.resolver.IsMounted(address) {
		return pr.frameResponse(address)
	}
	at, err := pr.resolve(f, address)
	if err != nil {
		return nil, err
	}
	if f.trace != nil {
		f.trace.target = at.Target
	}
	q := pr.newIncludeFetch(f, at, part)
	if q.Stream && !f.canStream() {
		var cancel context.CancelFunc
		q.Life, cancel = context.WithCancel(q.Life)
		defer cancel()
	}
	var response *cache.Response
	var status cache.Status
	if f.include.FollowRedirects {
		response, status, err = pr.assembler.fetcher.GetFollowing(q, pr.host())
	} else {
		response, status, err = pr.assembler.fetcher.Get(q)
	}
	f.isHit = status.IsHit() && err == nil
	if f.trace != nil {
		f.trace.status = status
	}
	if err != nil {
		return nil, err
	}
	pr.noteOutdated(response, status)
	switch isForeign := document.Of(response).IsForeign(pr.writer.charset); {
	case !response.IsSuccess():
		return pr.notSuccess(f, address, response)
	case response.Coming != nil && !f.canStream() && !isForeign:
		return pr.awaitWhole(f, q, response)
	case isForeign:
		response, err = pr.transcoded(response, q.Deadline)
	}
	if err == nil && part != "" {
		response, err = pr.element(response, part)
	}
	if err != nil {
		return nil, &fetch.Error{Reference: address, Err: err}
	}
	return response, nil
}

// resolve returns an address of an include with its target.
func (pr *pageRequest) resolve(f *includeFetch, text string) (document.ResolvedURL, error) {
	if f.address.IsResolved() && text == f.address.Text {
		return f.address, nil
	}
	at, err := pr.assembler.resolver.Locate(f.execution.template.target, text, pr.host())
	return document.ResolvedURL{Target: at, Text: text}, err
}

// newIncludeFetch returns the request for an address of an include.
func (pr *pageRequest) newIncludeFetch(f *includeFetch, at document.ResolvedURL, part string) *fetch.Request {
	q := pr.newFetch(at.Target, pr.maxWait(f.include, at.Target.Backend))
	q.Header = pr.headerFor(at.Target, f.include.Public)
	q.Reference, q.URL, q.Level, q.Stream = at.Text, at.URL, f.execution.depth, part == "" && !f.include.FollowRedirects && pr.trace == nil
	q.TTL, q.NoStore = f.include.TTL, f.include.NoStore
	q.IsMissed = pr.isLimited || f.isMissed && at == f.address
	return q
}

// maxWait returns the longest wait for an include of a source.
func (pr *pageRequest) maxWait(include *esi.Include, source *registry.Backend) time.Duration {
	if include.MaxWait > 0 {
		return include.MaxWait
	}
	return pr.sourceWait(source)
}

// sourceWait returns the longest wait for a source, unless an include has one of its own.
func (pr *pageRequest) sourceWait(source *registry.Backend) time.Duration {
	return cmp.Or(source.Timeout, pr.options.MaxWait)
}

// canStream reports whether the include may be shown while its response arrives. The
// include must have
//
//   - no fallback and no attempt around it, so that an early failure and a late failure
//     are both an error of the page,
//   - no effect on the header of the page (primary or required),
//   - no part to extract and no redirects to follow.
func (f *includeFetch) canStream() bool {
	i := f.include
	return !f.execution.isAtomic && i.Fallback == nil && !i.ContinueOnError && !i.Primary && !i.Required &&
		!i.FollowRedirects && i.Alt.Empty() && i.Src.Part() == ""
}

// awaitWhole waits for a whole response, because a fallback may replace it. The includes
// of the response start as soon as they have been read. They are not shown if the rest
// misses the deadline.
func (pr *pageRequest) awaitWhole(f *includeFetch, q *fetch.Request, response *cache.Response) (*cache.Response, error) {
	if response.IsTransformed() {
		f.child = pr.execute(response, f.execution.depth+1, f.execution.isAtomic)
	}
	ctx, cancel := context.WithDeadline(pr.context(), q.Deadline)
	defer cancel()
	whole, err := response.Whole(ctx)
	if err != nil {
		f.child = nil
		return nil, &fetch.Error{Reference: q.Name(), Err: err}
	}
	return whole, nil
}

// transcoded returns a response in the charset of the page. The body has to arrive by the
// deadline.
func (pr *pageRequest) transcoded(response *cache.Response, deadline time.Time) (*cache.Response, error) {
	ctx, cancel := context.WithDeadline(pr.context(), deadline)
	defer cancel()
	return pr.inPageCharset(ctx, response)
}

// inPageCharset returns a response in the charset of the page.
func (pr *pageRequest) inPageCharset(ctx context.Context, response *cache.Response) (*cache.Response, error) {
	defer pr.assembler.reweighGrown(response)
	return document.InCharset(ctx, response, pr.writer.charset)
}

// element returns the element of a response with an id.
func (pr *pageRequest) element(response *cache.Response, id string) (*cache.Response, error) {
	defer pr.assembler.reweighGrown(response)
	return document.Element(response, id)
}

// notSuccess returns the result for a response outside of 2xx: the response if it
// redirects the page, and otherwise an error.
func (pr *pageRequest) notSuccess(f *includeFetch, address string, response *cache.Response) (*cache.Response, error) {
	if f.include.Primary && response.IsRedirect() && f.mayRedirect() {
		return response, nil
	}
	if address == f.address.Text {
		whole, err := response.Whole(pr.context())
		if err != nil {
			return nil, &fetch.Error{Reference: address, Err: err}
		}
		f.refusal = refusedBy(address, whole)
	}
	return nil, &fetch.Error{Reference: address, Status: response.Status, Primary: f.include.Primary}
}

// frameResponse returns the response for a reserved reference. The response is made for
// this page, and so does not raise the page's Age.
func (pr *pageRequest) frameResponse(reference string) (*cache.Response, error) {
	var body []byte
	switch reference {
	case frameBodyReference:
		body = pr.frame.Body
	case frameTitleReference:
		body = []byte(html.EscapeString(pr.frame.Title))
	default:
		return nil, &fetch.Error{Reference: reference, Err: errors.New("there is no such reserved reference")}
	}
	response := &cache.Response{Status: http.StatusOK, Policy: frameResponsePolicy(pr.started)}
	document.UTF8Head().Finish(response, body, nil)
	response, err := pr.inPageCharset(pr.context(), response)
	if err != nil {
		return nil, &fetch.Error{Reference: reference, Err: err}
	}
	return response, nil
}

// logFailure logs the failure of an include, unless the visitor has left. A 4xx is logged
// at a lower level, because the visitor requested a resource that the fragment does not
// have.
func (pr *pageRequest) logFailure(f *includeFetch, err error) {
	if errors.Is(pr.context().Err(), context.Canceled) {
		return
	}
	level := slog.LevelWarn
	if f.refusal != nil {
		level = slog.LevelInfo
	}
	failure := includeFailure{level: level, reference: f.address.Text, err: err}
	if pr.request != nil {
		failure.page, failure.requestID = pr.request.URL.Path, header.First(pr.request.Header, "X-Request-Id")
	}
	source := ""
	if at, unknown := pr.resolve(f, f.address.Text); unknown == nil && at.Target.Backend != nil {
		source, failure.version = at.Target.Backend.Name, at.Target.Backend.Version()
	}
	pr.assembler.failures.add(source, failure)
}
