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
// fragment's routes, and each path of the fragment in such a page. The page is updated
// while it is open. A program gets the fragment with nothing around it.
//
// The same process serves a site: a composer that has its URL as a source of the
// fragment gets the responses as the fragment has made them.
//
// The package is not a part of package fragments, so that a fragment that is linked into
// a site, or served by another server, does not link a composer and a hub.
package standalone
