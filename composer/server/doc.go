// Package server supplements net/http for an HTTP server of composed pages:
//
//   - [Listen] accepts in several loops, so that a restarted server takes thousands of
//     live pages back at once. [SingleWrite] sends a page in a single write.
//   - [TrustProxies] accepts the information of the proxies in front about a visitor.
//   - [RequestCheck] refuses requests with more than one possible reading.
//   - [ExtendDeadlines] gives a request and its response any time, as long as they make
//     progress.
//
// A server with all of them:
//
//	check := server.RequestCheck{Hosts: hosts, Refuse: refuse}
//	s := &http.Server{
//		Handler:     server.SingleWrite(server.TrustProxies(proxies, warn, check.Handler(mux))),
//		ConnContext: server.WithConn,
//	}
//	listeners, err := server.Listen(ctx, "localhost:8080")
package server
