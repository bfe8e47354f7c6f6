package proxy

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/document"
	"selvedge/composer/internal/encoding"
	"selvedge/composer/internal/fetch"
	"selvedge/composer/internal/header"
	"selvedge/composer/internal/stream"
)

// documentRequest is a request for a document of the origin. Only the key and the header
// come from the client's request, so several clients may share the response.
type documentRequest struct {
	fetch.Request
	proxy *Proxy
}

// Fetch sends the request to the origin. See [cache.Fetcher].
func (q *documentRequest) Fetch(ctx context.Context, h http.Header, keepSlow bool) (cache.Fetched, error) {
	p := q.proxy
	permit, err := p.fetcher.GuardOf(p.options.Origin).Acquire(ctx, q.Admission())
	if err != nil {
		return cache.Fetched{}, err
	}
	ctx, origin := newOriginRequest(ctx, q.Life, time.Until(q.Deadline), permit)
	fetched, err := q.exchange(ctx, h, origin, keepSlow)
	switch pump := fetched.Pump; {
	case err != nil:
		err = cmp.Or(context.Cause(ctx), err) // read before Close, which sets a cause as well
		permit.RecordRefusal(ctx, err)
		origin.Close()
		return cache.Fetched{}, err
	case pump != nil:
		r := fetched.Response
		fetched.Pump = func() {
			defer origin.Close()
			pump()
			permit.RecordEnd(r.Status, r.Coming.Err())
		}
	case fetched.Coming == nil:
		permit.RecordResponse(fetched.Status)
		origin.Close()
	}
	return fetched, nil
}

// exchange sends the request, and reads the beginning of the response.
func (q *documentRequest) exchange(ctx context.Context, h http.Header, origin *originRequest, keepSlow bool) (cache.Fetched, error) {
	p := q.proxy
	out, err := http.NewRequestWithContext(ctx, http.MethodGet, p.originURL(q.URI), http.NoBody)
	if err != nil {
		return cache.Fetched{}, err
	}
	out.Host, out.Header = q.Scope.Value().Host, h.Clone()
	requestedAt := time.Now()
	res, err := p.options.Client.RoundTrip(out) //nolint:bodyclose // closed by origin.Close
	for err != nil && origin.permit.Retry(out, err) {
		res, err = p.options.Client.RoundTrip(out) //nolint:bodyclose // as above
	}
	if err == nil && p.isTemplate(res) && !encoding.IsReadable(res.Header) { // for a client that did not accept HTML
		_ = res.Body.Close()
		out.Header["Accept-Encoding"] = []string{"gzip"}
		res, err = p.options.Client.RoundTrip(out) //nolint:bodyclose // as above
	}
	if err != nil {
		return cache.Fetched{}, err
	}
	header.RemoveHopByHop(res.Header)
	if len(res.Header["Date"]) == 0 { // RFC 9110 §6.6.1
		res.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	}
	origin.response, origin.body = res, res.Body
	return q.receive(ctx, requestedAt, res, h, origin, keepSlow)
}

var errNotConditional = errors.New("it answered 304 to a request without a condition")

// receive reads a response:
//
//   - A template is compiled while it arrives.
//   - A storable document is kept.
//   - Any other response is passed through.
func (q *documentRequest) receive(ctx context.Context, requestedAt time.Time, res *http.Response, sent http.Header, origin *originRequest, keepSlow bool) (cache.Fetched, error) {
	p := q.proxy
	if res.StatusCode == http.StatusNotModified && len(sent["If-None-Match"])+len(sent["If-Modified-Since"]) == 0 {
		return cache.Fetched{}, errNotConditional
	}
	if res.StatusCode < 200 || res.StatusCode > 999 {
		return cache.Fetched{}, fmt.Errorf("it answered %d", res.StatusCode)
	}
	begun := p.fetcher.Begin(&q.Request, requestedAt, res.StatusCode, res.Header)
	if p.isTemplate(res) {
		body, err := p.fetcher.Decode(&q.Request, begun, res)
		if err != nil {
			return cache.Fetched{}, err
		}
		return p.fetcher.Receive(ctx, &q.Request, begun, body, true)
	}
	if p.mayKeep(res, sent) {
		return q.keep(ctx, begun, res, origin, keepSlow)
	}
	if !origin.Detach() {
		return cache.Fetched{}, context.Canceled
	}
	origin.isStarted = true
	res.Body = &originBody{res.Body, origin}
	begun.Coming = &stream.Body{Handoff: origin}
	return begun.Fetched(nil), nil
}

// isTemplate reports whether a response is a template. A part of a template is excluded,
// and so is the header of a template alone.
func (p *Proxy) isTemplate(res *http.Response) bool {
	switch res.StatusCode {
	case http.StatusNoContent, http.StatusPartialContent, http.StatusNotModified:
		return false
	}
	return p.fetcher.Compiles(res.Header)
}

// mayKeep reports whether a storable response is kept while it arrives.
func (p *Proxy) mayKeep(res *http.Response, sent http.Header) bool {
	if res.StatusCode == http.StatusNotModified {
		return true
	}
	if res.ContentLength > int64(p.options.MaxFragment) {
		return false
	}
	return cache.IsStorable(sent, res.StatusCode, res.Header)
}

// keep reads a storable document. A document that exceeds the limit passes through from
// this moment on. Unless keepSlow is true, a slow document passes through as well.
func (q *documentRequest) keep(ctx context.Context, begun fetch.Begun, res *http.Response, origin *originRequest, keepSlow bool) (cache.Fetched, error) {
	limit := q.proxy.options.MaxFragment
	first, isWhole, err := begun.ReadStart(res.Body, limit)
	switch {
	case err != nil:
		return cache.Fetched{}, err
	case isWhole:
		fetched := begun.Finish(first, nil)
		fetched.SetTrailer(receivedTrailer(res))
		return fetched, nil
	}
	coming := begun.Head.Receive(begun.Response, first, limit, document.AsText)
	coming.Handoff = origin
	begun.SetTrailer(forwardedTrailer(res.Trailer))
	return begun.Fetched(func() {
		if !keepSlow {
			timer := time.AfterFunc(slowAfter(q.Deadline, begun.RequestedAt), coming.PassThrough)
			defer timer.Stop()
		}
		err := coming.Pump(ctx, first, res.Body)
		coming.SetTrailer(receivedTrailer(res))
		coming.End(err)
	}), nil
}

// slowAfter returns the time for which an incomplete document is kept before it passes
// through. The time is half of the time left, so that waiting requests can still fetch
// the document themselves. If the origin took longer than this half to send the header,
// such a fetch would be too late, and the time is 90 % of the time left.
func slowAfter(deadline, requestedAt time.Time) time.Duration {
	left := time.Until(deadline)
	if time.Since(requestedAt) > left/2 {
		return left * 9 / 10
	}
	return left / 2
}
