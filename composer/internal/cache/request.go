package cache

import (
	"context"
	"net/http"
	"time"
	"unique"

	"selvedge/composer/internal/header"
	"selvedge/composer/registry"
)

// Key identifies the resource and the scope of a request: everything about it except
// the header fields in Vary. Every stored response has its key twice, so a key is
// small.
type Key struct {
	registry.Target
	Scope unique.Handle[Scope]
}

// Scope is the group of requests that may share responses. Host and scheme are part of
// it because a source may write them into links.
type Scope struct {
	Host     string // by which the client knows the site
	Secure   bool   // the client uses https
	Document bool   // the header is a browser's, not one for a fragment
}

// ScopeOf returns the scope of a client's request for fragments.
func ScopeOf(r *http.Request) Scope { return Scope{Host: r.Host, Secure: header.Scheme(r) == "https"} }

// NoScope is the scope of a request that no client made.
var NoScope = unique.Make(Scope{})

// Request is a GET request. The cache keeps a pointer to it for the time of its fetch.
type Request struct {
	Key
	Header     HeaderSource
	Directives RequestDirectives

	// Life ends with the client's request. A response that is returned early is read
	// until then.
	Life context.Context

	// Deadline is when the response, or with Stream its beginning, is too late.
	Deadline time.Time

	// TTL replaces the lifetime of the response, as far as the response may be stored.
	// Zero: it does not.
	TTL time.Duration

	// Stream permits a response whose body is still arriving.
	Stream bool
}

// HeaderSource makes the header of a request to a source. A hit needs it only if the
// stored response has Vary, so it is made on first use.
type HeaderSource interface {
	// Header returns the header, which must not be changed.
	Header() http.Header
}

// FixedHeader is a HeaderSource for a header that exists.
type FixedHeader http.Header

// Header returns the header.
func (h FixedHeader) Header() http.Header { return http.Header(h) }

// A Fetcher sends a request to its source. Any status is a response.
type Fetcher interface {
	// Fetch sends the request with a header, which is the one of Request.Header with
	// preconditions if the cache has a stored response to validate. keepSlow says that a
	// slow body is kept rather than passed through, because the request that started
	// the fetch does not wait for it.
	Fetch(ctx context.Context, header http.Header, keepSlow bool) (Fetched, error)
}

// Fetched is the result of a fetch.
type Fetched struct {
	*Response

	// Pump reads the rest of the body, and returns when that has ended. If it is nil,
	// the body is complete, or is not read here.
	Pump func()

	// RequestedAt and ReceivedAt are the times of RFC 9111 §4.2.3.
	RequestedAt, ReceivedAt time.Time
}
