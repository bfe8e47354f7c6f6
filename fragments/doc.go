// Package fragments is the kit for authors of fragments. A fragment is an HTTP resource
// whose response is a piece of HTML, with the names of its data in the header.
//
//	f, err := fragments.New(fragments.Manifest{
//		Name: "clock", Version: "1.0.0", Title: "The time of day",
//		Routes: []fragments.Route{{
//			Pattern: "GET /now", Title: "The time, the same for everybody", Sample: "/now",
//			Handle: func(w http.ResponseWriter, r *http.Request) error {
//				return fragments.HTML(w, r, face(time.Now()), fragments.Shared("clock"))
//			},
//		}, {
//			Pattern: "GET /alarm", Title: "The alarm of one visitor", Sample: "/alarm",
//			Handle: func(w http.ResponseWriter, r *http.Request) error {
//				return fragments.HTML(w, r, bell(r), fragments.Private("alarm:"+visitor(r)))
//			},
//		}},
//	})
//
// A [Shared] response is rendered once for all visitors, a [Private] response once for
// each visitor. A [Fragment] is an http.Handler, and any HTTP server can serve it. A page
// includes the fragment with <esi:include src="/fragments/clock/now"/>, and a program
// requests it with curl. The same headers can be set by hand, in any language:
// CONTRACT.md in the folder of this package has the contract on one page.
//
// # Paths
//
// A fragment receives paths without its own name: the include of /fragments/clock/now is
// a request for /now. REST routes lie under /api/, and their paths arrive unchanged.
//
// # Assets
//
// A fragment brings its own stylesheets, scripts, pictures and fonts, as
// [Manifest.Assets]:
//
//	//go:embed clock.css hands.svg
//	var files embed.FS
//
//	fragments.Manifest{Name: "clock", Assets: files, Styles: []string{"clock.css"}, …}
//
// The fragment serves its assets at /assets/, and browsers find them at
// /fragments/clock/assets/. The name of an asset includes its hash, and the response is
// compressed and may be kept for a year (see package assets). A page loads the Styles of
// all its fragments in its head. [URL] returns the address of any asset, for views.
//
// # Requests
//
// Three functions tell a handler about its request:
//
//   - [URL]: the address of a path of the fragment on the site, for forms, links and
//     includes;
//   - [Session]: the id of the visitor's session, for data of the visitor;
//   - [Page]: the page that sent a form or an API call. An include is not told its page.
//
// # Responses
//
// [HTML], [JSON] and [Text] render before they write, so an error during rendering gets
// an error response and never half a page. An [Answer] has the content of the header:
//
//   - the groups of data in the response (Cache-Groups, RFC 9875 §2);
//   - the groups that a write changed (Cache-Group-Invalidation, RFC 9875 §3);
//   - the lifetime of the response (RFC 9111);
//   - whether the body contains ESI (Surrogate-Control).
//
// A live client never goes back to an older revision. The revision of HTML is the
// attribute data-revision of its root element, and the revision of JSON is the header
// Selvedge-Revision. The epoch of a revision is data-epoch or Selvedge-Epoch: a name for
// the sequence of numbers, needed if the numbers can begin again, as after a change of
// the session or the restoration of a database.
//
// An ETag is made from the body of a read if the Answer has none, and a request with this
// ETag in If-None-Match gets 304 Not Modified. A GET route serves HEAD too.
//
// # Responses in the background
//
// [InBackground] reports whether a script sent the request. The response of [Swap] then
// has the changed elements, in the wire format of htmx: each element has hx-swap-oob and
// replaces the element with its id. [Redirect] and [SeeOther] name the next page in
// HX-Redirect. An error is a [Notice], and [SwapError] makes a notice from the error text
// of another fragment.
//
// # Errors
//
// A handler returns its errors. [Error] writes the response: problem details (RFC 9457)
// for a program, a section with a heading for a person, by Accept. A [*Problem] of package
// problem has a status and texts. So does an error of an application with the methods
// HTTPStatus() int and Detail() string, the sentence for a person. Any other error is a
// 500 with an id, except for a request that is too large, too slow or without a client.
// The text of a 500 is logged and not shown.
//
// A composer puts the body of an error into a page only if the response has
// Selvedge-Error: show, because this body was written for the person at the browser. The
// status is a 4xx, or in the response to a form also a 5xx. This kit sets the header in
// every HTML error with a 4xx status or 503.
//
// # Input
//
// [Decode] reads JSON and forms into a struct and refuses unknown fields (see package
// problem). HTML forms can only POST, so a form with PATCH or DELETE in the field _method
// becomes a request with this method.
//
// # Standing alone
//
// [Standalone] is the page around a fragment that is served without a site, and [Index]
// lists the paths of the fragment for programs. Package standalone serves a fragment with
// both.
package fragments
