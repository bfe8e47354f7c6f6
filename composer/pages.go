package composer

import (
	"net/http"

	"selvedge/composer/internal/address"
	"selvedge/composer/internal/page"
	"selvedge/composer/registry"
)

// Page serves the pages of the named fragment. The template of a page is the response of
// the fragment to the path of the request, without the query. A template passes the query
// on with $(QUERY_STRING).
//
// A response is read as ESI (see package composer/esi) if both hold:
//   - it says Surrogate-Control: content="ESI/1.0";
//   - its type is HTML, XML, or one of Options.ESITypes.
//
// This holds for templates and includes. Any other response is copied. Probable
// mistakes in a template are in the page's field Selvedge-Warning, with line and column. A
// fragment with ESI tags and without the field is logged as a warning, once for each source.
//
// All includes start at once; those of a template that still arrives start as soon as they
// are read. The bytes of a page leave in document order as soon as they exist, and at
// most once in 16 ms, which a display shows as one picture. A HEAD request is answered
// when the page is complete, with the header known by then. At the end of a page, for
// whichever reason, all its fetches end.
//
// # Includes
//
// An include succeeds if all hold:
//   - the status is 2xx; a redirect counts as a failure, unless the include says
//     redirect="follow" and the redirect stays with the source;
//   - the response is complete in time: the attribute maxwait, in milliseconds, or else
//     Timeout of the [Source], or else Options.MaxWait, for src and again for alt;
//   - it is no larger than Options.MaxFragment;
//   - it can be brought into the charset of the page, which is UTF-8 if the template names
//     none;
//   - no value of a variable puts a . or .. segment, in any encoding, into the path.
//
// Otherwise the page shows, in this order:
//  1. a stale response, as far as stale-if-error (RFC 5861 §4) permits it;
//  2. the response to alt;
//  3. the content of the element;
//  4. nothing, with onerror="continue".
//
// Without any of these the page fails: with 502, 503 or 504 before the first byte, and
// after it with an aborted connection, so that a partial page is not taken for the whole.
//
// An include without any of 1 to 4 leaves in pieces as it arrives, and its maxwait bounds
// the wait for its beginning. Of all other includes no byte leaves before the include is
// complete.
//
//   - BOM, doctype and XML declaration of an included response are removed.
//   - With src="…#id" the page gets the element with that id, without ESI and without a
//     view.
//   - Includes of the chosen branch and of each attempt start with all others. Those of an
//     except start when an include of the attempt has failed, in the sense that it would
//     make the page fail.
//   - The attribute ttl replaces the lifetime of a response. It does not override
//     no-store, private, Set-Cookie, Vary: * or, for a request with Authorization, RFC 9111
//     §3.5. A response to a request with a Cookie needs public or a lifetime of its own too.
//   - An include with no-store is fetched for each page.
//   - An include with public receives nothing of the visitor's request.
//
// # Status
//
// The status of a page is that of its template. The page's own template can mark
// includes in the part that arrives before its first pause:
//   - primary: the page has the status of the include, and its Location if that is a
//     redirect;
//   - required: the page fails unless the include is shown;
//   - both: the include is the page itself. A fallback is then sent with 503, Retry-After,
//     and Cache-Control: no-store, unless the include is only late.
//
// The page waits for marked includes before its first byte. The wait for a primary one with
// a fallback, or with onerror="continue", ends after Options.MaxWait: the page begins with
// 200, and the include is shown like any other.
//
// If a primary include fails before that:
//   - with a 4xx: the page fails with a [RefusedError];
//   - otherwise, with a fallback: the page is 200, like a list that is one part of many;
//   - otherwise, with a 5xx: the page fails with that status;
//   - otherwise: the page fails as for any other include.
//
// # Header
//
//   - Cache-Control, Age, Expires and Last-Modified combine those of all parts: the
//     strictest counts, and a page is fresh no longer than any of its parts. A part for one
//     visitor makes the page private. A header sent before all parts are known says
//     private, no-cache.
//   - ETag combines the validators of all parts with the shown variables and branches, so
//     that a 304 is right.
//   - Link has the links of the fragments too. The next page sends them in 103 Early Hints
//     (see Options.EarlyHints).
//   - Set-Cookie of a fragment is dropped, except for Options.SetCookies, and SetCookies of
//     the [Source].
//   - Cache-Status (RFC 9211) is that of the template.
//   - Server-Timing has the number of stored includes (hits), and the time of each of the
//     others, with the reason of a failure, as in cart;dur=1000.412;desc="timeout". A page that leaves in pieces repeats it as a trailer for clients that say TE:
//     trailers.
//   - Targeted fields, such as CDN-Cache-Control (RFC 9213), are kept only from a template
//     that is the whole page.
//   - Content-Encoding is gzip, if the client accepts it, for text of 1 KiB and more,
//     unless a part says no-transform (see Options.NoGzip).
//
// # Variables
//
// Templates have these variables of the page's request (ESI 1.0 §4):
//   - QUERY_STRING, without the parameters that begin with esi_: these are for templates
//     only, and stand in no request to a source and in no key of the cache;
//   - ESI_ARGS{name}, the parameter esi_name;
//   - HTTP_COOKIE, with Options.ESICookies;
//   - HTTP_HOST and HTTP_REFERER;
//   - HTTP_USER_AGENT: {browser} is MOZILLA, MSIE or OTHER; {os} is WIN, MAC, UNIX or OTHER;
//   - HTTP_ACCEPT_LANGUAGE: {de} is true or false;
//   - SELVEDGE_PATH{name}, the PathValue of the request: of the pattern /blog/{slug} the slug.
//     In the path of an address it is one segment, and a value with a slash makes the include
//     fail;
//   - SELVEDGE_LATE, in the content of an include: true if the time of the include was
//     over, empty if the include failed, so that the content can tell a part that is coming
//     from a part that is missing;
//   - SELVEDGE_STYLES, in esi:vars (see [Composer.Assets]);
//   - SELVEDGE_PAGE, in esi:vars, after all includes: the page token (see [View]);
//   - SELVEDGE_LIVE, in esi:vars, after all includes: Options.LiveElement, with the page
//     token. With Options.AutoLive, a page without either has it before </body>.
//
// A page with a page token is private.
//
// The first value of a repeated key counts. Values are escaped for their place:
//   - in text as HTML, which is right between elements and in quoted attributes. It is
//     not right in scripts (cross-site scripting);
//   - in an address by percent-encoding all delimiters. Only QUERY_STRING itself can bring
//     in more than one parameter.
//
// A default is text of the template's author, and is not escaped. A view that is rendered for
// open pages has no page: all variables are empty in it, except HTTP_ACCEPT_LANGUAGE and
// HTTP_USER_AGENT.
func (c *Composer) Page(name string) http.Handler {
	c.templates.add(name)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := c.serveNamed(w, r, name); err != nil {
			c.fail(w, r, err)
		}
	})
}

// serveNamed writes the page of a fragment whose template has the path of the page.
func (c *Composer) serveNamed(w http.ResponseWriter, r *http.Request, name string) error {
	ref, err := registry.ReferenceFor(name, r.URL)
	if err != nil {
		return err
	}
	ref.Query = ""
	at, err := c.resolver.TargetOf(ref)
	if err != nil {
		return err
	}
	return c.pages.ServePage(w, c.pageRequest(r), at, nil)
}

// Answer is content around which a page is put: its Title is the response to an include
// of /-/title, and its Body the response to one of /-/answer.
type Answer = page.Frame

// Frame writes a page around an answer, with a template as for ServePage. If it returns an
// error, nothing was written.
func (c *Composer) Frame(w http.ResponseWriter, r *http.Request, template string, answer Answer) error {
	at, err := c.resolver.TemplateAt(template)
	if err != nil {
		return err
	}
	return c.pages.ServePage(w, c.pageRequest(r), at, &answer)
}

// ServePage writes the page whose template a reference names, with the path and query of the
// reference, or whose template is at the address of a mount (see [Registry]). It is Page for
// a router of one's own: the variables of the page are those of r, and SetPathValue can set
// further ones. If it returns an error, nothing was written.
func (c *Composer) ServePage(w http.ResponseWriter, r *http.Request, template string) (err error) {
	at, err := c.resolver.TemplateAt(template)
	if err != nil {
		return err
	}
	defer func() {
		if err == nil { // an aborted page has a stored template too
			c.templates.note(at, address.EscapedPath(r.URL))
		}
	}()
	return c.pages.ServePage(w, c.pageRequest(r), at, nil)
}
