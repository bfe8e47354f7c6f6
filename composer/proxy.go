package composer

import (
	"net/http"

	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/proxy"
)

// Proxy serves the documents of Options.Origin. It is a gateway with a shared cache (RFC
// 9110 §3.7, RFC 9111). It panics if the composer has no Options.Origin.
//
// # Templates
//
// A document that is read as ESI (see [Composer.Page]) is completed, unless its status is
// 204, 206 or 304. Addresses in it are relative to the document, and lead to one of
//   - the origin,
//   - fragments and mounts of the registry,
//   - Options.AllowHosts.
//
// An address is checked after the expansion of its variables, and the IP addresses of its
// host before each connection (server-side request forgery).
//
// A page of the origin is live like any other: it has $(SELVEDGE_PAGE) and $(SELVEDGE_LIVE), or
// the element of Options.AutoLive, and a token of the views of its includes.
//   - The template may be stored for all visitors; the page with its token is private.
//   - A token needs no session of [Composer.Session]: without one it holds for all visitors
//     without one, and its views have the cookies in Options.Cookies of the visitor who
//     presents it.
//   - Cache-Group-Invalidation in the origin's response to a form changes the views.
//   - Fragments of the registry are views. Includes of the origin itself and of
//     Options.AllowHosts are not.
//
// Any other document is passed on byte for byte.
//
// # Requests to the origin
//
//   - The origin receives the header of the request except the fields about the connection.
//   - Documents and includes have the visitor's Host, and requests to other hosts their own.
//   - Via, X-Forwarded-For, -Host and -Proto and X-Esi-Level are those of the composer.
//     The visitor's address and scheme are RemoteAddr and TLS of the request: a server
//     behind a proxy has to set them first (see package composer/server).
//   - HTML is requested only in codings that the composer can decode.
//   - A body that waits for 100 Continue is requested when the origin requests it, and never
//     if the origin answers without it.
//   - An offer to switch to another protocol than WebSocket, such as h2c, is ignored.
//   - Surrogate-Control is passed on to Options.Surrogates only, for a composed page as
//     no-store.
//
// # Stored documents
//
//   - If-None-Match, If-Modified-Since and Range are answered from the stored document. If
//     none is stored, the first two do not reach the origin, so that its response can be
//     stored for all.
//   - HEAD is answered from a stored GET. A HEAD that passes freshens it (RFC 9111 §4.3.5).
//   - A part (206) is not stored.
//   - A response to POST is stored for later GETs if its Content-Location says so.
//   - A request with an unsafe method and no error drops the documents stored for its
//     address and, on the same host, for its Location and Content-Location.
//   - Of a request's Cache-Control, only-if-cached, max-stale and stale-if-error count, and
//     the rest with Options.ObeyRequestCacheControl.
//
// # Other responses
//
// A document streams while it is stored, and other requests for it wait. It goes to the first
// request alone, as slowly as that reads, and the others fetch by themselves, if it is
//   - larger than Options.MaxFragment, or
//   - incomplete after half of the page's time, without a stale document in its place.
//
// WebSockets pass. Informational responses pass, but not to HTTP/1.0, and 103 as
// Options.EarlyHints says. Trailers pass with the origin's response:
//   - a stored document has none (RFC 9111 §3.1), and a page none of its template;
//   - HTTP/1.0 receives none, and a proxy only if it says TE: trailers, because Varnish
//     aborts such a response.
//
// # Conformance
//
// Of the public suite cache-tests (https://cache-tests.fyi), version 0.4.5, 142 of 157
// required and 78 of 86 optimal tests pass with Options.ObeyRequestCacheControl. The others
// fail for these reasons:
//   - A response with Set-Cookie is for one visitor, and is not stored, although RFC 9111
//     §7.3 permits it (headers-store-Set-Cookie, 304-etag-update-response-Set-Cookie,
//     other-set-cookie).
//   - If a stale response is forbidden and the origin is unreachable, the response is 504 or
//     502. The tests expect 200 from an origin that aborts the connection (stale-close-*,
//     four).
//   - Of an Age with several members or lines the first counts, and an invalid one is
//     ignored: §5.1, which is newer than this version of the suite (age-parse-dup-*, three,
//     age-parse-prefix-twoline, age-parse-nonnumeric, age-parse-negative, age-parse-float).
//   - A 304 with another ETag updates nothing, §4.3.4, so the origin is asked again
//     (304-etag-update-response-ETag).
//   - A response in an unknown transfer coding cannot be read: 502
//     (headers-store-Transfer-Encoding).
//   - Parts (206) are not stored (partial-*, five).
//   - "fr;q=0.5, de" requests another language than "en, de", §4.1
//     (vary-normalise-lang-select).
//   - A document with a Date later than If-Modified-Since was modified, §4.3.2
//     (conditional-lm-fresh-no-lm).
func (c *Composer) Proxy() http.Handler {
	o := c.options
	var client http.RoundTripper = c.client.WithHeaderTimeout(o.ActionTimeout)
	if o.NetHTTP {
		client = c.passthrough
	}
	p, err := proxy.New(proxy.Options{
		PageTimeout: o.PageTimeout, ActionTimeout: o.ActionTimeout, MaxFragment: o.MaxFragment,
		ObeyRequestCacheControl: o.ObeyRequestCacheControl, Surrogates: o.Surrogates, Logger: o.Logger,
		Origin: c.resolver.Origin, Fetcher: c.fetcher, Pages: c.pages,
		Client: client, Transport: c.passthrough,
		ClientAddress: c.clientOf, Fail: c.fail,
		Invalidate: func(p cache.Purge) { c.invalidate(p) },
	})
	if err != nil {
		panic("composer: " + err.Error())
	}
	if o.Debug == nil {
		return p
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.ServeHTTP(w, c.pages.AcceptDebug(r)) })
}
