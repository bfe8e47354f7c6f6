// Package standalone serves one fragment alone, for its author:
//
//	func main() {
//		clock, err := fragments.New(fragments.Manifest{ … })
//		if err != nil {
//			log.Fatal(err)
//		}
//		log.Fatal(standalone.ListenAndServe(context.Background(), "localhost:8091", clock, standalone.Options{}))
//	}
//
// A browser at http://localhost:8091 gets a plain page with links to the samples of the
// fragment, and each path of the fragment in a page of this kind. The page is updated
// while it is open. A program gets the fragment without a page.
//
// The process can also serve a site. A composer with this URL as a source of the fragment
// gets the responses of the fragment unchanged.
//
// The package is separate from package fragments, because a fragment in a site or in
// another server would otherwise link a composer and a hub.
package standalone
