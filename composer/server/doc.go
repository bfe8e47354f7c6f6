// Package server supplements net/http for an HTTP server of composed pages:
//
//   - [Listen] accepts in several loops, so that a restarted server takes thousands of
//     live pages back at once. [SingleWrite] sends a page in a single write.
//   - [TrustProxies] accepts the information of the proxies in front about a visitor.
//   - [RequestCheck] refuses requests with more than one possible reading.
//   - [ExtendDeadlines] gives a request and its response any time, as long as they make
//     progress.
//   - [DropUnderscores] removes the fields that a server behind could read as a proxy's.
//   - [ErrorPages] answers failed requests, for people and for programs.
//   - [Invalidation] is the handler by which a program invalidates data, with a
//     [BearerToken]. [InvalidateWrites] invalidates by the responses of a handler.
//
// A server with all of them:
//
//	pages := server.ErrorPages{}
//	c, err := composer.New(registry, composer.Options{Error: pages.Error, ClientAddress: server.ClientAddress})
//	...
//	token, err := server.NewBearerToken(os.Getenv("TOKEN"))
//	...
//	mux.Handle("POST /-/invalidate", &server.Invalidation{Composer: c, Authorize: token.Authorize})
//	check := server.RequestCheck{Hosts: hosts}
//	s := &http.Server{
//		Handler:     server.SingleWrite(server.TrustProxies(proxies, warn, check.Handler(mux))),
//		ConnContext: server.WithConn,
//	}
//	listeners, err := server.Listen(ctx, "localhost:8080")
package server
