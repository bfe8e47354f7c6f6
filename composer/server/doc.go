// Package server has what an HTTP server of composed pages needs beside net/http:
//
//   - [Listen] accepts in several loops, so that a restarted server takes thousands of
//     live pages back at once, and [SingleWrite] has a page leave in one write.
//   - [TrustProxies] believes the proxies in front what they say of a visitor.
//   - [RequestCheck] refuses requests that two readers could take for two things.
//   - [ExtendDeadlines] lets a request and its response take as long as they go on.
//
// A server that is made of them:
//
//	check := server.RequestCheck{Hosts: hosts, Refuse: refuse}
//	s := &http.Server{
//		Handler:     server.SingleWrite(server.TrustProxies(proxies, warn, check.Handler(mux))),
//		ConnContext: server.WithConn,
//	}
//	listeners, err := server.Listen(ctx, "localhost:8080")
package server
