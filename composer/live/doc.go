// Package live wires a composer and a hub as one site: pages of fragments that are
// updated while they are open.
//
//	site, err := live.New(registry, composer.Options{}, hub.Options{})
//	...
//	mux.Handle("GET /{$}", site.Page("shop"))
//	mux.Handle("POST /api/cart", site.Forward("cart"))
//	mux.Handle("GET /live", site.Live())
//
// A page connects with the token from $(SELVEDGE_PAGE) in its template (see
// [composer.View]), or with composer.Options.AutoLive without any mark in its template. A
// fragment is sent to the open pages with the fragment when one of its Cache-Groups (RFC
// 9875) is invalidated:
//
//   - by the field Cache-Group-Invalidation of the response to an action;
//   - by [Site.Invalidate];
//   - because the fragment has got another source in the registry.
//
// Programs follow fragments by reference, and receive them as JSON:
//
//	mux.Handle("GET /live.json", site.LiveJSON())
//
// Package hub/jsonlive describes their messages.
package live
