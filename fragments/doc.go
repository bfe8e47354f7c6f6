// Package fragments is the kit for authors of fragments: HTTP resources that
// answer with a piece of HTML and name, in their headers, the data that it was
// made from.
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
// An answer that is [Shared] is rendered once for all visitors, one that is [Private]
// for each of them. A [Fragment] is an http.Handler and nothing else is needed to serve it. A
// page takes it in with <esi:include src="/fragments/clock/now"/>; a program
// takes it with curl. The same headers can be set by hand, in any language.
//
// # Paths
//
// A fragment sees paths without its own name: what a page includes as
// /fragments/clock/now arrives as /now. REST routes lie under /api/ and arrive
// as they were asked for.
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
// It serves them at /assets/, which browsers find at /fragments/clock/assets/, under
// names with their hashes, compressed, and for a year (see package assets). A page loads
// the Styles of all its fragments in its head. A view has the address of any other asset
// by [URL].
//
// # Answers
//
// [HTML], [JSON] and [Text] render before they write, so that an error on the
// way is an error answer and never half a page. An [Answer] says what the
// headers say: the groups that were read (Cache-Groups, RFC 9875 §2), the
// groups that a write changed (Cache-Group-Invalidation, RFC 9875 §3), how long
// the answer may be kept (RFC 9111), and whether it contains ESI
// (Surrogate-Control). A live client never goes back to an older revision: HTML
// has it as data-revision on its root element, JSON as Selvedge-Revision. Where
// the numbers can begin again, as those of another session or of a database that
// was restored do, data-epoch and Selvedge-Epoch name what they count. An
// ETag is made from the bytes where none is given, and a request that has it
// gets 304 Not Modified. HEAD works wherever GET does.
//
// # Answers in the background
//
// Where [InBackground] says that a script sent the request, [Swap] answers with
// the elements that have changed, in the wire format of htmx: each says
// hx-swap-oob and takes the place of the element with its id. [Redirect] and
// [SeeOther] then name the page to go to in HX-Redirect, and an error is a
// [Notice]. [SwapError] makes one of what another fragment wrote for people.
//
// # Errors
//
// A handler returns its errors. [Error] makes the answer: problem details
// (RFC 9457) for a program, a section with a heading for a person, by Accept.
// A [*Problem] says its status and its texts. So does an error of an application with
// the methods HTTPStatus() int and Detail() string, the sentence for a person. Every
// other error is a 500 with an id; its text is logged and not shown.
// The body of an error never reaches a page, except that of a 4xx which says
// Selvedge-Error: show, as all HTML errors of this kit do: it was written for
// the person at the browser.
//
// # Input
//
// [Decode] reads JSON and forms into one struct and refuses what it does not
// know. HTML forms can only POST; a field _method with the value PATCH or
// DELETE makes the request one of those.
//
// # Standing alone
//
// [Standalone] is the page around a fragment that is served without a site, and
// [Index] says to programs what there is to ask for. Package standalone serves a
// fragment with both.
package fragments
