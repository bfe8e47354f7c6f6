package fetch

import (
	"context"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"time"

	"selvedge/composer/internal/breaker"
	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/header"
)

// Request is a request to a source on behalf of a visitor.
type Request struct {
	cache.Request
	Fetcher *Fetcher

	Reference string     // the address in the template, for messages; empty for the address of the target
	URL       *url.URL   // of the target, read-only; nil if not yet known
	Client    netip.Addr // of the visitor; zero if unknown
	Level     int        // the depth of the include
	IsPage    bool       // the response is the template of a page, or a document
	NoStore   bool       // the cache is neither read nor written
	IsMissed  bool       // a recent lookup has missed
}

// Admission describes the request to the guard of its source.
func (q *Request) Admission() breaker.Request {
	return breaker.Request{Method: http.MethodGet, Target: q.URI, Client: q.Client}
}

// Name returns the name of the request in messages.
func (q *Request) Name() string {
	if q.Reference != "" {
		return q.Reference
	}
	return q.String()
}

// targetURL returns the URL of the target. The caller must not change it.
func (q *Request) targetURL() (*url.URL, error) {
	if q.URL != nil {
		return q.URL, nil
	}
	return q.Target.URL()
}

// Context returns the context of the fetch, which begins at now. The context ends
//
//   - with the request's life,
//   - at the request's deadline, unless the timeout is stopped before.
func (q *Request) Context(now time.Time) (context.Context, Timeout) {
	if end, ok := q.Life.Deadline(); ok && !q.Deadline.Before(end) {
		return q.Life, Timeout{}
	}
	ctx, cancel := context.WithCancelCause(q.Life)
	return ctx, Timeout{time.AfterFunc(q.Deadline.Sub(now), func() { cancel(context.DeadlineExceeded) })}
}

// Timeout ends the context of a fetch.
type Timeout struct{ timer *time.Timer } // nil if the context ends by itself

// Stop is called when the response has begun.
func (t Timeout) Stop() {
	if t.timer != nil {
		t.timer.Stop()
	}
}

// blankRequest has the fields common to all requests.
var blankRequest = &http.Request{
	Method: http.MethodGet, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Body: http.NoBody,
}

// newHTTPRequest returns the request for the source. A request to a handler has a header
// with the fields of AppendTo. A request to a different process has the header h itself,
// which must not be changed, and gets the fields of AppendTo when it is written.
func (q *Request) newHTTPRequest(ctx context.Context, h http.Header) (*http.Request, error) {
	target, err := q.targetURL()
	if err != nil {
		return nil, err
	}
	r := blankRequest.WithContext(ctx) // the only copy
	r.URL, r.Header, r.Host = target, h, q.host(target)
	if q.Backend.Handler != nil {
		own := *target
		r.URL, r.Header = &own, q.withOwnFields(h)
		r.Host = header.First(h, "X-Forwarded-Host")
		r.RequestURI = q.URI
	}
	return r, nil
}

// host returns the Host field for a target. The origin receives the visitor's host, as it
// does for documents, because the origin may distinguish its sites by host. All other
// sources receive their own host. So does the origin if the visitor's request has no host
// (HTTP/1.0).
func (q *Request) host(target *url.URL) string {
	if host := q.Scope.Value().Host; q.Backend.IsOrigin() && host != "" {
		return host
	}
	return target.Host
}

// withOwnFields returns a header with the fields of AppendTo. The values are shared with
// fields and must not be changed.
func (q *Request) withOwnFields(fields http.Header) http.Header {
	h := make(http.Header, len(fields)+3)
	maps.Copy(h, fields)
	values := [...]string{strconv.FormatInt(q.timeLeft(), 10), strconv.Itoa(q.Level), "gzip"}
	h[header.SelvedgeTimeout], h[header.ESILevel], h["Accept-Encoding"] = values[0:1:1], values[1:2:2], values[2:3:3]
	return h
}

// AppendTo appends the lines of the fields that differ for each request:
// Selvedge-Timeout, ESI-Level and Accept-Encoding.
func (q *Request) AppendTo(b []byte) []byte {
	b = strconv.AppendInt(append(b, header.SelvedgeTimeout+": "...), q.timeLeft(), 10)
	b = strconv.AppendInt(append(b, "\r\n"+header.ESILevel+": "...), int64(q.Level), 10)
	return append(b, "\r\nAccept-Encoding: gzip\r\n"...)
}

// timeLeft returns the time until the deadline, in milliseconds, at least 1.
func (q *Request) timeLeft() int64 { return max(time.Until(q.Deadline).Milliseconds(), 1) }

// linkBase returns the address of the response as requested by a browser. It is the base
// of the Link fields.
func (q *Request) linkBase() *url.URL {
	address := q.URI
	if q.Backend.Guarded || !q.Backend.External && !q.IsPage {
		address = q.String()
	}
	base, err := url.ParseRequestURI(address)
	if err != nil {
		return &url.URL{Path: "/"}
	}
	return base
}

var _ cache.Fetcher = (*Request)(nil)
