package cache

import (
	"context"
	"net/http"
	"time"
	"unique"

	"selvedge/composer/internal/header"
	"selvedge/composer/registry"
)

// Key identifies the resource and the scope of a request: all properties except the
// header fields in Vary. A key is small, because every stored response has its key twice.
type Key struct {
	registry.Target
	Scope unique.Handle[Scope]
}

// Scope is the group of requests that may share responses. Host and scheme are a part of
// the scope, because a source may write them into links.
type Scope struct {
	Host     string // of the site, as the client knows it
	Secure   bool   // the client uses https
	Document bool   // the header is a browser's header, rather than a header for a fragment
}

// ScopeOf returns the scope of a client's request for fragments.
func ScopeOf(r *http.Request) Scope { return Scope{Host: r.Host, Secure: header.Scheme(r) == "https"} }

// NoScope is the scope of a request without a client.
var NoScope = unique.Make(Scope{})

// Request is a GET request. The cache keeps a pointer to the Request until the end of its
// fetch.
type Request struct {
	Key
	Header     HeaderSource
	Directives RequestDirectives

	// Life ends with the client's request. The body of a response returned early is read
	// until then.
	Life context.Context

	// Deadline is the latest time for the response, or with Stream for the beginning of
	// the response.
	Deadline time.Time

	// TTL replaces the freshness lifetime of a response that may be stored. A zero TTL
	// has no effect.
	TTL time.Duration

	// Stream permits a response whose body is still arriving.
	Stream bool
}

// HeaderSource makes the header of a request to a source. The header is made on first
// use, because a hit needs it only if the stored response has Vary.
type HeaderSource interface {
	// Header returns the header. The caller must not change it.
	Header() http.Header
}

// FixedHeader is a HeaderSource for an existing header.
type FixedHeader http.Header

// Header returns the header.
func (h FixedHeader) Header() http.Header { return http.Header(h) }

// A Fetcher sends a request to its source. A response with an error status is a response
// and not an error.
type Fetcher interface {
	// Fetch sends the request with a header: the header of Request.Header, with added
	// preconditions if the cache has a stored response to validate. With keepSlow, a slow
	// body is kept and does not pass through, because the request that started the fetch
	// does not wait for the body.
	Fetch(ctx context.Context, header http.Header, keepSlow bool) (Fetched, error)
}

// Fetched is the result of a fetch.
type Fetched struct {
	*Response

	// Pump reads the rest of the body, and returns at its end. Pump is nil if the body is
	// complete, or is read elsewhere.
	Pump func()

	// RequestedAt and ReceivedAt are the times of RFC 9111 §4.2.3.
	RequestedAt, ReceivedAt time.Time
}
