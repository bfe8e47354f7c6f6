package proxy

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"time"

	"selvedge/composer/internal/breaker"
	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/encoding"
	"selvedge/composer/internal/fetch"
	"selvedge/composer/internal/header"
	"selvedge/composer/internal/requestbody"
)

// passedRequest is the context of a request that is passed through.
type passedRequest struct {
	client   *http.Request  // as received
	ownField http.Header    // the header of the client's response before the origin's response
	started  *http.Response // the response, if the origin has already sent its header; nil to send the request
	relay    *informationalRelay
	body     *requestbody.Body // nil without a body
}

type passedRequestKey struct{}

func passedRequestOf(r *http.Request) passedRequest {
	passed, _ := r.Context().Value(passedRequestKey{}).(passedRequest)
	return passed
}

// passThrough passes a request through to the origin, and passes the response back. If
// started is not nil, it is the response.
func (p *Proxy) passThrough(w http.ResponseWriter, r *http.Request, started *http.Response) {
	passed := passedRequest{client: r, ownField: w.Header().Clone(), started: started, relay: p.newInformationalRelay(w, r)}
	out := r.WithContext(r.Context())
	if started == nil {
		if header.ExpectsContinue(r) {
			out.Body = &continuedBody{ReadCloser: r.Body, relay: passed.relay}
		}
		passed.body = requestbody.New(w, out)
		defer passed.body.End()
		if err := passed.body.ReadAhead(r); err != nil {
			passed.body.CloseConnection(w.Header())
			p.options.Fail(w, r, err)
			return
		}
	}
	w.Header()["Content-Type"] = nil // keeps net/http from guessing a type if the origin has none
	out = out.WithContext(context.WithValue(r.Context(), passedRequestKey{}, passed))
	p.passthrough.ServeHTTP(w, out)
}

// statusOf returns the cache status of a request that is passed through.
func (p *Proxy) statusOf(r *http.Request, fwdStatus int) cache.Status {
	status := cache.Status{Fwd: cache.FwdRequest, FwdStatus: fwdStatus}
	switch d := p.directives(r.Header); {
	case p.cache == nil:
		status.Fwd = cache.FwdBypass
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		status.Fwd = cache.FwdMethod
	case !d.NoStore && isCacheable(r):
		status.Fwd = cache.FwdMiss
	}
	return status
}

// roundTripper adapts a function to an http.RoundTripper.
type roundTripper func(*http.Request) (*http.Response, error)

// RoundTrip calls the function.
func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// exchange sends a request to the origin, unless its response has started. The request
// holds a slot among the requests in flight until the header of the response has arrived.
// After that, the time for the body is not limited.
func (p *Proxy) exchange(r *http.Request) (*http.Response, error) {
	passed := passedRequestOf(r)
	if res := passed.started; res != nil {
		res.Request = r
		return res, nil
	}
	permit, err := p.acquire(r)
	if err != nil {
		return nil, err
	}
	defer permit.Release()
	defer passed.relay.end()
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil {
		// The Got1xxResponse of httputil would
		//
		//   - clear the fields set by the site,
		//   - send 1xx responses by HTTP/1.0.
		//
		// The trace belongs to this request, because httputil made it for the request.
		trace.Got1xxResponse = passed.relay.limited()
	}
	res, err := p.options.Transport.RoundTrip(r)
	for err != nil && permit.Retry(r, err) {
		res, err = p.options.Transport.RoundTrip(r)
	}
	if err != nil {
		if unread := passed.body.ErrWhen(r.Context()); unread != nil {
			return nil, unread
		}
		permit.RecordRefusal(r.Context(), err)
		return nil, err
	}
	if passed.body.Err() == nil {
		permit.RecordResponse(res.StatusCode)
	}
	if requested := r.Header.Get("Upgrade"); res.StatusCode == http.StatusSwitchingProtocols && (requested == "" || !strings.EqualFold(res.Header.Get("Upgrade"), requested)) {
		_ = res.Body.Close() // a connection, which httputil would leave open
		return nil, errUpgrade
	}
	return res, nil
}

var errUpgrade = errors.New("it switches to a protocol that nobody asked for")

// acquire waits for a slot among the requests to the origin.
func (p *Proxy) acquire(r *http.Request) (*breaker.Permit, error) {
	ctx, cancel := context.WithTimeout(r.Context(), p.options.ActionTimeout)
	defer cancel()
	passed := passedRequestOf(r)
	permit, err := p.fetcher.GuardOf(p.options.Origin).Acquire(ctx, breaker.Request{
		Method: r.Method, Target: r.URL.RequestURI(), Client: p.options.ClientAddress(passed.client), Uploading: !passed.body.IsComplete(),
	})
	if err != nil && r.Body != nil {
		_ = r.Body.Close() // as required of a RoundTripper
	}
	return permit, err
}

// modifyResponse prepares a response to be passed through, or intercepts the response.
func (p *Proxy) modifyResponse(res *http.Response) error {
	if res.StatusCode == http.StatusSwitchingProtocols {
		return nil
	}
	r := res.Request
	passed := passedRequestOf(r)
	if passed.started == nil && p.fetcher.Compiles(res.Header) {
		return p.interceptTemplate(res)
	}
	status := p.statusOf(r, res.StatusCode)
	switch r.Method {
	case http.MethodHead:
		p.freshen(r, res)
	case http.MethodPost:
		p.invalidate(r, res)
		status.Stored = p.tee(r, res)
	default:
		p.invalidate(r, res)
	}
	surrogateControl := res.Header[header.SurrogateControl]
	header.RemoveComposerFields(res.Header)
	passTrailer(res, passed.client)
	p.setSurrogateControl(passed.client, res.Header, surrogateControl)
	for name := range passed.ownField {
		if name != "Vary" {
			delete(res.Header, name)
		}
	}
	if passed.started == nil {
		status.SetFields(res.Header, res.Header)
	}
	passed.body.CloseConnection(res.Header)
	return nil
}

// interceptedError reports a response that is a template, or a part of a template. Its
// serve method answers the request instead.
type interceptedError struct {
	serve func(w http.ResponseWriter, r *http.Request)
}

// Error returns a text for logs.
func (e *interceptedError) Error() string { return "the answer is a template" }

// interceptTemplate intercepts a template to complete it. The whole template is fetched
// if the response is
//
//   - a part of a template,
//   - the header of a template alone,
//   - a template in an unknown coding.
func (p *Proxy) interceptTemplate(res *http.Response) error {
	r := res.Request
	isPart := r.Method == http.MethodHead || res.StatusCode == http.StatusPartialContent || res.StatusCode == http.StatusNotModified
	if isPart || r.Method == http.MethodGet && !encoding.IsReadable(res.Header) {
		return &interceptedError{p.serveFetched}
	}
	p.invalidate(r, res)
	q := &p.newRequest(r, p.visitedKey(r), r.Header, cache.RequestDirectives{}).Request
	begun := p.fetcher.Begin(q, time.Time{}, res.StatusCode, res.Header)
	body, err := p.fetcher.Decode(q, begun, res)
	if err != nil {
		return err
	}
	fetched, err := p.receiveIntercepted(q, begun, res, body)
	if err != nil {
		return err
	}
	return &interceptedError{func(w http.ResponseWriter, client *http.Request) {
		if fetched.Pump != nil {
			go fetched.Pump()
		}
		p.serve(w, client, fetched.Response, p.statusOf(client, fetched.Status))
	}}
}

// receiveIntercepted reads an intercepted template. The request of the template is not
// canceled by a context, so the body is closed at the deadline of the page.
func (p *Proxy) receiveIntercepted(q *fetch.Request, begun fetch.Begun, res *http.Response, body io.ReadCloser) (cache.Fetched, error) {
	ctx, cancel := context.WithDeadline(q.Life, q.Deadline)
	raw := res.Body
	context.AfterFunc(ctx, func() { _ = raw.Close() })
	res.Body = http.NoBody // for httputil to close
	fetched, err := p.fetcher.Receive(ctx, q, begun, body, p.isTemplate(res))
	pump := fetched.Pump
	if pump == nil {
		cancel()
		return fetched, err
	}
	fetched.Pump = func() { defer cancel(); pump() }
	return fetched, nil
}

// serveFetched answers a GET or HEAD with a whole document from the origin.
func (p *Proxy) serveFetched(w http.ResponseWriter, r *http.Request) {
	k, h := p.keyFor(r.URL, r.Host, header.Scheme(r)), p.originHeader(r)
	if p.cache != nil {
		p.fetchAndServe(w, r, k, h, cache.RequestDirectives{})
		return
	}
	fetched, err := p.newRequest(r, k, h, cache.RequestDirectives{}).Fetch(r.Context(), h, false)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	if fetched.Pump != nil {
		go fetched.Pump()
	}
	p.serve(w, r, fetched.Response, p.statusOf(r, fetched.Status))
}
