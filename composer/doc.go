// Package composer assembles pages from fragments: pieces of HTML that other
// handlers or other processes answer with, and that other teams own.
//
//	registry := composer.NewRegistry()
//	err := errors.Join(
//		registry.Add("shell", "1.0.0", composer.Source{Handler: shell}),
//		registry.Add("cart", "1.4.2", composer.Source{URL: cart}), // another process
//	)
//	if err != nil {
//		return err
//	}
//	c, err := composer.New(registry, composer.Options{})
//	if err != nil {
//		return err
//	}
//	mux.Handle("GET /", c.Session(c.Page("shell")))
//	mux.Handle("POST /api/cart", c.Session(c.Forward("cart")))
//	mux.Handle("GET "+composer.Prefix, c.Session(c.Fragment()))
//
// # Pages
//
// [Composer.Page] asks a fragment for the path of the page. The answer is the
// page's template; if it says Surrogate-Control: content="ESI/1.0", and is HTML
// or XML, it is read as ESI (see package esi), and so is any fragment that says
// so. No other fragment is: what it answers is copied.
//
// All includes start together, those of a template that is still coming as
// soon as they have been read. Bytes leave in document order as soon as they
// exist, so the head of a page is there before its slowest fragment. The page
// keeps its first bytes back for as long as something is likely to come at
// once: until all that is ready to run has had its turn; 5 ms while its template
// is still coming; 16 ms, which is a picture on a display, if the last pages of a
// stored template were complete by then; and 50 ms if the template has a
// validator, for then the page has one if all its parts do.
//
// An include that is marked primary gives the page its status, and where it
// leads if it is a redirect; one that is marked required has to be shown for
// there to be a page. Both are waited for before anything leaves, a primary one
// with a fallback (or onerror="continue") for Options.MaxWait at most. If that
// is over, the page begins with 200, and the include is shown as any other. The
// page fails with a [RefusedError] if the primary one answers 4xx, and has the
// status of its 5xx. Only the page's own template can mark one, before it
// pauses.
//
// A page whose primary include has failed is 200 if something stands in its place,
// as for a list that is one part of many. An include that is the page itself is
// marked primary and required: what stands in its place is then shown with 503,
// Retry-After, and Cache-Control: no-store, unless the include is only late.
//
// # Includes and fallbacks
//
// An include succeeds with a 2xx, in time, whole, and no larger than the
// limit. Otherwise what stands in its place is, in this order: a stale answer
// as far as RFC 5861 allows it, what alt names, the content of the element,
// nothing if it says onerror="continue". If there is none of these, the page is
// in error: 502, 503 or 504 before the first byte, and a connection that is cut
// after it, so that nobody takes a part for the whole.
//
// An include in whose place nothing could stand is shown chunk by chunk as it
// comes, since it makes the page an error whether it fails early or late. Of
// all others no byte reaches the page before they are whole. What can be shown
// leaves at once, but not twice in 16 ms, which a display shows as one picture.
// HEAD is answered when the page is whole, with what is known of it then.
//
// $(SELVEDGE_LATE) is true in the content of an include whose time was over, and
// empty in that of one that failed. So the one can say that something is coming,
// and the other that it is missing.
//
// The attribute maxwait bounds the wait in milliseconds, for src and again for
// alt; of an include that is shown while it comes, for its beginning. When the
// page ends, for whatever reason, all its fetches end. A fragment learns how
// long it is waited for, in milliseconds, from Selvedge-Timeout, and how deep it
// stands in others from X-Esi-Level.
//
// The includes of a taken branch and of every attempt start with all others;
// those of an except when one of its attempt has failed. An include fails an
// attempt if it would make the page an error. A redirect is a failure, unless
// the include says redirect="follow" and it stays with the same source. Of
// src="…#id" the page gets the element with that id, which is neither read as
// ESI nor a view.
//
// The attribute ttl says how long an answer is fresh. It never overrides
// no-store, private, Set-Cookie, Vary: *, or RFC 9111 §3.5 for a request with
// Authorization. An answer to a request with a Cookie has to say itself that it
// is for all: with public, or with a lifetime of its own. The attribute no-store
// has the include asked for each time.
//
// A fragment's BOM, doctype and XML declaration are dropped, and it is brought
// into its page's charset, UTF-8 if the template names none; one that cannot be
// is a failed include.
//
// What is probably a mistake in a template is said in the page's header, in
// Selvedge-Warning, with line and column. A fragment that contains ESI tags and
// does not opt in is logged as a warning, once for each source.
//
// # The header of a page
//
// Cache-Control, Age, Expires and Last-Modified are those of all parts together:
// the strictest wins, and no page is fresh for longer than any of its parts. Its
// ETag stands for the validators of all of them, and for what variables and
// branches show, so that a 304 is right. Something of one visitor makes a page
// private. Link fields of the fragments become the page's; the next time they
// are sent in 103 Early Hints to those whom Options.EarlyHints allows, by
// default over HTTP/2 and later only. No
// cookie of a fragment becomes the page's unless Options.SetCookies names it.
// Cache-Status says how the template was had, Server-Timing how many includes
// were stored (hits), and how long each of the others took. A header that leaves
// before all parts are known says private, no-cache.
//
// Text of 1 KiB and more is compressed for who takes gzip, out of parts that are
// kept compressed, unless a part says no-transform.
// (A page that shows a secret beside what a visitor can choose tells of it by
// its length: BREACH. Options.NoGzip is for such.)
//
// # Variables
//
// Templates know QUERY_STRING, HTTP_HOST, HTTP_REFERER, HTTP_USER_AGENT,
// HTTP_ACCEPT_LANGUAGE and HTTP_COOKIE, with keys (see package esi and ESI 1.0
// §4), from the page's request. Of the cookies they know those that are
// allowed, by default none. HTTP_USER_AGENT{browser} is MOZILLA, MSIE or
// OTHER, {os} is WIN, MAC, UNIX or OTHER. HTTP_ACCEPT_LANGUAGE{de} is true or
// false. Of a key that comes more than once the first value counts.
// ESI_ARGS{name} is the parameter esi_name of the page's query. Parameters that
// begin with esi_ are for templates alone: they are no part of QUERY_STRING or
// of any key, and nobody is sent them.
//
// A value is escaped for where it stands. In text that is HTML: right between
// elements and in attributes with quotes, and not in scripts. In an address all
// that could divide it is percent-encoded, and only QUERY_STRING itself may
// bring in more than one parameter. An include whose path gets a . or .. segment
// from a value, encoded in whatever way, fails. A default is what the template's
// author wrote, and stays as it is.
//
// # Forms and API calls
//
// [Composer.Forward] hands a request to a fragment and its answer back. An error
// of HTML with the header Selvedge-Error: show was written for the person at
// the browser: it comes as a [RefusedError] to Options.Error, which can put it
// into a page with [Composer.Frame]. Until the fragment's first byte, a panic,
// a timeout or a lost connection is answered as an error; after it, the
// connection is cut. An answer is limited in size only if it is kept back for
// a page. Informational answers (1xx) and trailers are dropped.
//
// # Fragments by reference
//
// [Composer.Fragment] serves /fragments/cart/mini, and a version that a
// constraint allows with /fragments/cart@^1.2/mini. The bytes are those that a
// page includes for the same session and the same Accept. See [ParseReference]
// and [Registry].
//
// # What a fragment receives
//
// The path without its name, and of the request's header the fields on a list
// that is short on purpose: what a fragment does not see cannot change its
// answer. Includes see Accept-Language, User-Agent, Referer, X-Request-Id,
// traceparent and tracestate unchanged (the composer exports no spans), and what
// Options.Headers names; forms and API calls see Accept, Authorization, the
// conditional and content fields, and Idempotency-Key too.
// Of the cookies, they see those that Options names. X-Forwarded-Host,
// X-Forwarded-Proto, Via and Surrogate-Capability are ours, whatever the browser
// sent. Hosts that are only allowed see no cookies and nothing of
// Options.Headers, and an include that says public sees nothing of the visitor.
//
// An answer's Set-Cookie, Surrogate-Control and connection fields end here.
// What the site has already set in the header, a fragment cannot replace; Vary
// is added to. An answer with which [Composer.Session] sets a cookie is not
// stored by anybody. A session is a fragment's only by its id, without the
// signature that makes it one.
//
// # Styles
//
// A fragment announces its stylesheets with Link fields of the relation
// stylesheet, or preload as style. Where the template has $(SELVEDGE_STYLES)
// inside esi:vars, the page links those that its fragments announced last
// time; one that is new is linked right before its fragment. Each is linked
// once. Targets on other hosts are ignored. [Composer.Assets] serves what
// fragments of other processes announced.
//
// # Views, page tokens and invalidations
//
// A fragment that says which data it was made from (Cache-Groups, RFC 9875 §2)
// and whose first element has an id is a [View] of the page that includes it.
// So is an include that did not answer in time, if its content has such an
// element: the page shows nothing of it yet. Where the template has
// $(SELVEDGE_PAGE) inside esi:vars, after its includes, the page gets a token
// that names these views with their ETags and revisions. The token is signed,
// expires, and is worth nothing to another session. A revision is a number that
// only grows: the header Selvedge-Revision, or data-revision of the first
// element. Where numbers can begin again, Selvedge-Epoch or data-epoch names
// what they count: revisions of two epochs are not compared.
//
// [Composer.ReadToken] reads it back, and [Composer.Render] renders one of its
// views as it is now: one for everybody if the answer varies on nothing
// personal (Vary, Cache-Control: private), and otherwise one for each of
// Cookie, Accept-Language and User-Agent that it varies on. A fragment that
// includes others is compared by its own ETag.
//
// Options.Invalidated hears of the groups that an answer to a form or an API
// call says were changed (Cache-Group-Invalidation, RFC 9875 §3).
//
// By then their stored answers are gone. [Composer.Invalidate] does both for a
// change that no request of ours caused, and [Composer.Purge] for what is named
// by its address.
//
// # The cache
//
// What fragments answer to includes, pages and GETs by reference is kept in a
// shared cache by RFC 9111; Options.CacheSize bounds it. A key is the source,
// path and query, the visitor's host and scheme, and what the request has in
// the fields that the answer varies on; 16 variants of a key are kept.
//
// An answer is stored only if it says so: with max-age, s-maxage, Expires or
// Last-Modified, or with public or no-cache and a validator. Last-Modified alone
// is for requests without Cookie and Authorization. Never stored is
// one with private, no-store, Set-Cookie or Vary: *. A lifetime that is broken
// or contradictory is none, and an answer whose Age is, has to be validated.
// Fields that select a variant are compared without what makes no difference:
// space in lists, and the order of languages and codings. Selvedge-Cache-Control and CDN-Cache-Control (RFC
// 9213) and Surrogate-Control (max-age=60+600, and what is addressed to
// ;selvedge) stand in the place of Cache-Control, unless they are broken or longer
// than 16 KiB. With stale-while-revalidate
// and stale-if-error (RFC 5861) a stale answer is used for that long; they
// count beside s-maxage too, and not beside must-revalidate. A stale answer
// with a validator is asked for again with it, and a 304 keeps it with its
// compiled program.
//
// Requests that are likely to have the same answer wait for one, if nothing is
// known against it, and have it while it comes, if it is for everybody and no
// document. Who leaves takes nothing from the others. An answer that may not be
// stored, and a failure, go to the one who asked, and the others ask by
// themselves; only that a source cannot be reached at all is for all who wait.
//
// The groups of an answer are those of Cache-Groups, Surrogate-Key, xkey and
// Cache-Tag. After an invalidation nobody receives an answer of these groups
// that was asked for before it, whether it was stored or on its way. A write
// that is no error drops what is stored for its own address.
//
// Who asked may have an answer while it comes, if no stale one could take its
// place; the others wait for all of it. GETs that Forward hands over are not
// stored, nor answered from the cache.
//
// # Proxies
//
// [Composer.Proxy] stands before Options.Origin and keeps its documents in the
// same cache. Those that opt in are completed, whatever their status but 204,
// 206 and 304; addresses in them are relative to where they stand, and lead to
// the origin, to fragments of the registry, and to Options.AllowHosts. An
// address is checked after its variables are expanded, and what its host's name
// leads to again when it is dialed. Documents and includes are asked of the
// origin under the visitor's Host, and of all other hosts under their own.
//
// An origin sees the whole header of a request, and Via, X-Forwarded and
// X-Esi-Level fields of ours; HTML it is asked for only in codings that we read.
// Who the visitor is, and whether they use https, is what RemoteAddr and TLS of
// the request say: a server behind a proxy sets these first, if it believes that.
// Surrogate-Control goes on only to Options.Surrogates, of a composed page only
// no-store. Of a request's Cache-Control, only-if-cached, max-stale and
// stale-if-error count, and all others of RFC 9111 §5.2.1 only with
// Options.ObeyRequestCacheControl. If-None-Match, If-Modified-Since and Range are answered from what is stored; where nothing
// is, the first two do not reach the origin, so that its answer can be stored
// for all. A part (206) is not stored. HEAD is answered from a stored GET, and
// a HEAD that passes freshens it (§4.3.5). An answer to a POST is stored for
// GETs if Content-Location says that it is what they would get.
//
// A write that is no error drops what is stored for its address and, on the
// same host, for its Location and Content-Location. Documents stream, and may be
// stored meanwhile, while others wait for the whole of them. One that turns out
// larger than a fragment may be, or takes half of the time for a page while no stale
// one can take its place, is only for the one who asked first, who may take as long
// as they like; the others ask for themselves. WebSockets and informational
// responses pass, the latter not to HTTP/1.0, and 103 as Options.EarlyHints says.
// So do trailers with the answer of the origin: what is stored is stored without
// them (RFC 9111 §3.1), pages have none of their templates', and HTTP/1.0 and
// proxies that do not say TE: trailers get none, since Varnish cuts such an
// answer. A body that waits for 100 Continue is asked for when
// the origin asks for it, and not if that answers without it. A request that offers to switch to another protocol, such as h2c,
// is answered as if it did not.
//
// # Limits
//
// Options bound the time for an include, a page and an action, the size of an
// answer and of a page, the number and depth of includes, and the requests to
// a source at a time, of which one client has a quarter at most; every limit has
// a default. An origin of whose requests half get no answer is given up for a
// while, and so is a route of a fragment of whose requests half fail: it is asked
// once in 1.25 s until it is back. What one client makes fail is not enough. A GET that found no connection, or lost it before an answer, is
// repeated once, as long as those are a tenth of all. A connection to a source
// takes 1,000 requests, and ends when something comes that no request asked for
// or a response says two things about its length, which is a 502. A
// reference has 8 KiB at most, and a fragment announces 16 stylesheets at
// most. Server-Timing names the includes of a page as far as 3 KiB reach; a
// page that streams repeats it as a trailer for who says TE: trailers. A handler of this process that
// ignores its context costs a goroutine, and not the page.
//
// # Errors
//
// Options.Error answers what cannot be composed; [StatusOf] gives the status:
// [RequestError] 400, 408 or 413, [ReferenceError] 400, [VersionError] 404, [RefusedError] as the fragment
// said, [FetchError] 502, 503 or 504. For who has left nothing is answered: the
// handler panics with [http.ErrAbortHandler], as it does to cut a connection.
// A middleware that recovers panics must let that one pass.
package composer
