package proxy

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/fetch"
	"selvedge/composer/internal/header"
	"selvedge/composer/internal/page"
	"selvedge/composer/internal/stream"
)

// The errors of a request that may not be sent to the origin, or could not be sent. The
// status of both is 504.
var (
	errNotStored    = fmt.Errorf("nothing that is stored will do: %w", context.DeadlineExceeded)
	errDisconnected = fmt.Errorf("what is stored must be validated: %w", context.DeadlineExceeded)
)

// serveDocument answers a GET or HEAD from the cache if the stored response may be used.
// Otherwise the request is sent to the origin.
func (p *Proxy) serveDocument(w http.ResponseWriter, r *http.Request, d cache.RequestDirectives) {
	k, now := p.keyFor(r.URL, r.Host, header.Scheme(r)), time.Now()
	found := p.cache.Find(k, originHeader{p, r})
	switch {
	case found != nil && d.Allow(found, now):
		p.serve(w, r, &found.Response, found.CacheStatus(now))
	case d.OnlyIfCached: // RFC 9111 §5.2.1.7
		p.fail(w, r, errNotStored)
	case r.Method == http.MethodHead, found == nil && header.WantsRange(r):
		p.passThrough(w, r, nil) // because an incomplete document is not stored
	default:
		p.fetchAndServe(w, r, k, p.originHeader(r), d)
	}
}

// fetchAndServe answers a request with the origin's response to the request, or to a
// similar request, and stores the response if it may be stored.
func (p *Proxy) fetchAndServe(w http.ResponseWriter, r *http.Request, k cache.Key, h http.Header, d cache.RequestDirectives) {
	relay := p.newInformationalRelay(w, r)
	q := p.newRequest(r, k, h, d)
	var cancel context.CancelFunc
	q.Life, cancel = context.WithCancel(relay.trace(r.Context()))
	defer cancel()
	ctx, timeout := q.Context(time.Now())
	response, status, err := p.cache.Get(ctx, &q.Request.Request, q)
	timeout.Stop()
	relay.end()
	if err == nil {
		p.serve(w, r, response, status)
		return
	}
	if found := p.cache.Find(k, originHeader{p, r}); found != nil && found.MustRevalidate() {
		err = fmt.Errorf("%w: %w", errDisconnected, err) // RFC 9111 §5.2.2.2
	}
	p.fail(w, r, err)
}

// newRequest returns the request for a document.
func (p *Proxy) newRequest(r *http.Request, k cache.Key, h http.Header, d cache.RequestDirectives) *documentRequest {
	return &documentRequest{proxy: p, Request: fetch.Request{
		Request: cache.Request{
			Key: k, Header: cache.FixedHeader(h), Directives: d, Life: r.Context(), Deadline: time.Now().Add(p.options.PageTimeout), Stream: true,
		},
		Fetcher: p.fetcher, Reference: k.URI, Client: p.options.ClientAddress(r), IsPage: true,
	}}
}

// serve answers a client with a document, or with the part requested by the client (RFC
// 9110 §13 and §14).
func (p *Proxy) serve(w http.ResponseWriter, r *http.Request, response *cache.Response, status cache.Status) {
	switch started := startedResponse(response); { //nolint:bodyclose // passed through, and closed with its request
	case started != nil:
		p.serveStarted(w, r, started, status)
	case response.IsTransformed() && !p.delegates(r, response):
		p.servePage(w, r, response, status)
	case response.Coming != nil:
		p.serveComing(w, r, response, status)
	default:
		p.serveWhole(w, r, response, status)
	}
}

// serveComing answers with a document while the document arrives. If the client requests
// less than the whole document, serveComing first waits for the whole document.
func (p *Proxy) serveComing(w http.ResponseWriter, r *http.Request, response *cache.Response, status cache.Status) {
	isCurrent := clientHas(r, response)
	if isCurrent || r.Method == http.MethodHead || requestsPart(r, response) || response.IsTransformed() {
		whole, err := response.Whole(r.Context())
		if err == nil {
			p.serveWhole(w, r, whole, status)
			return
		}
		if !errors.Is(err, stream.ErrNotKept) {
			p.fail(w, r, err)
			return
		}
	}
	p.setHeader(w, r, response, status)
	if isCurrent {
		writeNotModified(w)
		return
	}
	hasTrailer := r.Method != http.MethodHead && mayHaveTrailer(r)
	if hasTrailer {
		announceTrailer(w.Header(), response.Trailer())
	}
	w.WriteHeader(response.Status)
	if r.Method == http.MethodHead {
		return
	}
	if err := response.Coming.CopyTo(r.Context(), w); err != nil {
		if r.Context().Err() == nil {
			p.options.Logger.Warn("document broke off", "path", r.URL.Path, "err", err)
		}
		panic(http.ErrAbortHandler)
	}
	if hasTrailer {
		writeTrailer(w, response.Coming.Trailer())
	}
}

// serveWhole answers with a complete document.
func (p *Proxy) serveWhole(w http.ResponseWriter, r *http.Request, response *cache.Response, status cache.Status) {
	p.setHeader(w, r, response, status)
	switch {
	case clientHas(r, response):
		writeNotModified(w)
	case requestsPart(r, response):
		writePart(w, r, response)
	default:
		writeWhole(w, r, response)
	}
}

// writeWhole writes a body. A response that was not stored also has its trailer section,
// which needs the chunked coding.
func writeWhole(w http.ResponseWriter, r *http.Request, response *cache.Response) {
	trailer := response.Trailer()
	if r.Method == http.MethodHead || !mayHaveTrailer(r) {
		trailer = nil
	}
	switch {
	case trailer != nil:
		announceTrailer(w.Header(), trailer)
	case hasBody(response.Status):
		w.Header()["Content-Length"] = []string{strconv.Itoa(len(response.Body))}
	}
	w.WriteHeader(response.Status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(response.Body)
		writeTrailer(w, trailer)
	}
}

// setHeader sets the header of a document.
func (p *Proxy) setHeader(w http.ResponseWriter, r *http.Request, response *cache.Response, status cache.Status) {
	h, from := w.Header(), response.Header.Header()
	p.mergeHeader(r, h, from)
	status.SetFields(h, from)
	if _, ok := h["Content-Type"]; !ok {
		h["Content-Type"] = nil // keeps net/http from guessing a type
	}
}

// mergeHeader adds the header of a response to the header for the client. Fields already
// in the latter remain, except that Vary grows.
func (p *Proxy) mergeHeader(r *http.Request, client, response http.Header) {
	header.Merge(client, response)
	header.RemoveComposerFields(client)
	p.setSurrogateControl(r, client, response[header.SurrogateControl])
}

// clientHas reports whether the client already has the document.
func clientHas(r *http.Request, response *cache.Response) bool {
	return response.IsSuccess() && header.ClientHasCurrent(r.Header, response.Header)
}

// serveStarted passes a response through while the origin is still sending its body.
func (p *Proxy) serveStarted(w http.ResponseWriter, r *http.Request, started *http.Response, status cache.Status) {
	status.SetFields(started.Header, started.Header)
	if started.StatusCode == http.StatusOK && header.ClientHasCurrent(r.Header, header.NewCompact(started.Header)) {
		_ = started.Body.Close()
		p.mergeHeader(r, w.Header(), started.Header)
		writeNotModified(w)
		return
	}
	p.passThrough(w, r, started)
}

// writeNotModified writes a 304, with the fields of a 200 except the fields that describe
// its body (RFC 9110 §15.4.5).
func writeNotModified(w http.ResponseWriter) {
	delete(w.Header(), "Content-Type")
	page.WriteNotModified(w)
}

// servePage answers with the page of a template.
func (p *Proxy) servePage(w http.ResponseWriter, r *http.Request, template *cache.Response, status cache.Status) {
	t := page.Template{Response: template, Status: status, Surrogate: p.isFromSurrogate(r)}
	if t.Surrogate {
		t.SurrogateControl = template.Header.Values(header.SurrogateControl)
	}
	if err := p.options.Pages.ServeTemplate(w, r, t); err != nil {
		p.options.Fail(w, r, err)
	}
}

// hasBody reports whether a response with this status may have a body.
func hasBody(status int) bool {
	return status != http.StatusNoContent && status != http.StatusNotModified
}
