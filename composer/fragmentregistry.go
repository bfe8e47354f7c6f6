package composer

import "selvedge/composer/registry"

// Prefix is the path of fragments in the URL space of a composer.
const Prefix = registry.Prefix

// A Registry has fragments by name, with their versions and sources. Its method Mount gives
// templates addresses that lead to a handler and are never public, such as /-/slots/related.
type Registry = registry.Registry

// An Entry is one fragment of a Registry.
type Entry = registry.Entry

// A Source is where one version of a fragment is served: a handler in this process, or a
// base URL. A handler that ignores the end of its context costs a goroutine, and does not
// delay its page.
//
// # Requests
//
// A source receives the path without the name of the fragment, and a short list of fields:
// a field that a fragment does not see cannot change its response.
//   - Includes have Accept-Language, User-Agent, Referer, X-Request-Id, and traceparent and
//     tracestate unchanged.
//   - Forms and API calls also have Accept, Authorization, the conditional fields, the
//     content fields, and Idempotency-Key.
//   - Options.Headers and Options.Cookies add fields and cookies, or Headers and Cookies of
//     the source in their place. The cookie of a session has the id alone, without the
//     signature (see [Composer.Session]).
//   - X-Forwarded-Host, X-Forwarded-Proto, Via and Surrogate-Capability are set by the
//     composer, whatever the browser sent.
//   - Selvedge-Timeout is the time left for the response, in milliseconds. X-Esi-Level is
//     the depth of an include: 1 in a page. Both are absent from the cache's key, so a
//     stored response must not depend on them.
//   - An allowed host (Options.AllowHosts) receives no cookies and nothing of
//     Options.Headers. An include that says public receives nothing of the visitor.
//
// # Responses
//
//   - Surrogate-Control: content="ESI/1.0" has the response read as ESI (see
//     [Composer.Page]).
//   - Cache-Groups names the data of the response (RFC 9875 §2), and makes it a [View].
//     Surrogate-Key, xkey and Cache-Tag mean the same.
//   - Cache-Group-Invalidation, in the response to a form or an API call, names the data
//     that was changed (RFC 9875 §3).
//   - Link, with the relation stylesheet, or preload as style, announces a stylesheet (see
//     [Composer.Assets]).
//   - Selvedge-Error: show marks an HTML error that was written for the person at the
//     browser (see [Composer.Forward]).
//   - Selvedge-Revision and Selvedge-Epoch order the states of a view (see [View]).
//   - Set-Cookie is passed on for SetCookies of the source, and with an include for
//     Options.SetCookies.
//   - Surrogate-Control and the fields of the connection are not passed on.
//   - A field that the site has set in the header stays. Vary is extended.
//
// # Caching
//
// Responses to includes, pages, and GETs by reference are stored in a shared cache (RFC
// 9111), as are the documents of [Composer.Proxy]. Options.CacheSize bounds it. The key is
// the source, path and query, the visitor's host and scheme, and the request fields in
// Vary, compared without differences that make none: space in lists, and the order of
// languages and codings.
//
// A response is stored if one of these holds:
//   - it has max-age, s-maxage, Expires, stale-while-revalidate or stale-if-error;
//   - it has public or no-cache, and a validator;
//   - it has Last-Modified, and the request has no Cookie and no Authorization.
//
// A response is not stored if one of these holds:
//   - it has private, no-store, Set-Cookie or Vary: *;
//   - the request has Authorization, and the response has none of public, s-maxage and
//     must-revalidate (§3.5).
//
// A malformed or contradictory lifetime is none. Another cache stores no response with
// which [Composer.Session] sets a cookie.
//
// The first of these fields with a cache directive replaces Cache-Control for the composer:
//   - Selvedge-Cache-Control (RFC 9213);
//   - Surrogate-Control (Edge Architecture 1.0), as in max-age=60+600 or
//     max-age=60;selvedge;
//   - CDN-Cache-Control (RFC 9213).
//
// A malformed field by RFC 9213, or one longer than 16 KiB, is ignored.
//
// A stale response is used as far as stale-while-revalidate and stale-if-error (RFC 5861)
// permit it: beside s-maxage too, and not beside must-revalidate. A stale response with a
// validator is validated, and a 304 keeps it.
//
// Concurrent requests for a response that can be shared wait for one fetch. If that fetch
// ends with a failure, or with a response that may not be stored:
//   - the request that started the fetch gets the result;
//   - the others fetch by themselves, unless the source could not be reached: then they
//     fail too.
//
// After an invalidation, a response of its groups that was requested before is not used,
// neither stored nor on its way. A form or an API call without an error also drops the
// responses stored for its own address.
type Source = registry.Source

// A VersionError is the error of a reference that no version of a fragment satisfies.
type VersionError = registry.VersionError

// A Reference names one fragment's resource.
type Reference = registry.Reference

// A ReferenceError is the error of a text that is no Reference.
type ReferenceError = registry.ReferenceError

// NewRegistry returns an empty registry.
func NewRegistry() *Registry { return registry.New() }

// ParseReference reads a reference as written in a URL, with Prefix, of at most 8 KiB. The
// error is a *ReferenceError.
func ParseReference(s string) (Reference, error) { return registry.ParseReference(s) }
