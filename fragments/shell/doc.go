// Package shell is the fragment that knows the layout of the shop: the ESI
// templates of its pages. A template contains includes and what stands around
// them, and nothing of the shop's data. Every include has a fallback that a
// person can go on from.
//
//	f, err := shell.New(shell.Options{})
//	if err != nil {
//		return err
//	}
//	http.Handle("/", f) // GET /products/42 answers the template of that page
//
// # Pages
//
// The paths are those of the pages: / is the home page, /products and /new are
// lists, and there are /products/{id}, /cart, /orders/{id}, and what Paths names.
// The templates /not-found and /error stand around an answer that is already
// there; they include it as /-/answer.
//
// # What the composer provides
//
// The include marked primary="primary" gives its status to the page. One that is
// marked required="required", too, is the page itself: without it, the page is a 503.
// $(QUERY_STRING) is the query of the page, and $(SELVEDGE_STYLES) the
// stylesheets that the fragments of the page announce. $(SELVEDGE_PAGE) is the
// token of the page, by which its live connection at /live says what it shows.
//
// # Scripts
//
// Pages work without scripts. With one, the element live holds the connection,
// and messages are told in the elements notice, announcement and live-message.
package shell
