// Package composer assembles pages from fragments: pieces of HTML that handlers in this
// process or other processes answer with. It stores responses, drops them when their
// data changes, and can stand in front of an origin as a caching reverse proxy.
//
//	registry := composer.NewRegistry()
//	err := errors.Join(
//		registry.Add("shell", "1.0.0", composer.Source{Handler: shell}),
//		registry.Add("cart", "1.4.2", composer.Source{URL: cart}), // another process
//	)
//	...
//	c, err := composer.New(registry, composer.Options{})
//	...
//	mux.Handle("GET /", c.Session(c.Page("shell")))
//	mux.Handle("POST /api/cart", c.Session(c.Forward("cart")))
//	mux.Handle("GET "+composer.Prefix, c.Session(c.Fragment()))
//
// # How a request travels
//
//	GET /products/42
//	      │
//	   Session ─► Page ─► template: the response of the fragment shell
//	                        │ compiled once: package composer/esi
//	                        │
//	     all includes start at once (internal/page, registry)
//	        │               │                  │                     │
//	     stored          handler         other process      origin, allowed host
//	  (internal/cache) (internal/fetch) (internal/http1,     (internal/address)
//	        │               │            internal/breaker)           │
//	        └───────────────┴────────┬─────────┴─────────────────────┘
//	                                 ▼
//	     the page, in document order, and its token (internal/pagetoken)
//
//	POST /api/cart
//	      │
//	   Session ─► Forward ─► fragment cart ─► Cache-Group-Invalidation: "cart:7"
//	                                            │
//	              stored responses of the group are dropped (internal/cache)
//	                                            │
//	              Options.Invalidated ─► hub ─► Render ─► open pages (composer/live)
//
// # Setup
//
// [New] makes a [Composer] from a [Registry] and [Options]. All limits are in one table
// at [Options]. The method Add of a [Registry] registers a [Source] for a version of a
// fragment; Set and Remove are for a site that is read again. [Source] describes the
// contract of a fragment: the requests that it receives, the fields of its responses, and
// caching.
//
// # Serving
//
// [Composer.Page] serves pages: the template, includes and fallbacks, variables, the
// status, and the header of a page are described there. [Composer.ServePage] writes a page
// whose template is not at the path of the page.
//
// [Composer.Frame] writes a page around content of the site, such as an error.
//
// [Composer.Forward] hands forms and API calls to a fragment.
//
// [Composer.Fragment] serves single fragments by [Reference], as in
// /fragments/cart@^1.2/mini.
//
// [Composer.Fragment] serves the files of fragments too, at [AssetPath], and
// [Composer.Assets] other stylesheets that fragments of other processes announced.
//
// [Composer.Proxy] serves the documents of Options.Origin, and completes those that are
// templates.
//
// [Composer.Session] gives each browser a session. Page tokens and fragments need it.
//
// # Changes
//
// [Composer.Invalidate] drops the stored responses of groups (RFC 9875), and
// [Composer.Purge] those of addresses. Both report the change to Options.Invalidated.
//
// [Composer.ReadToken] reads the token that an open page connects with, and
// [Composer.RenewToken] writes a later one. [View] describes the views of a page.
//
// [Composer.Render] renders a view in its present state, and [Visitor.View] finds the view
// in which a visitor sees a fragment. Package composer/live connects these methods with
// package hub.
//
// # Errors
//
// [StatusOf] gives the HTTP status of an error, and Options.Error answers it. [Composer]
// describes how a handler ends without a response.
package composer
