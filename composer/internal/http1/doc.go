// Package http1 is an HTTP/1.1 client (RFC 9112) for sources of fragments.
//
//   - [Client] sends GET requests without a body, and reads and writes in the
//     goroutine of its caller.
//   - [NewTransport] and [RoundTrip] send all other requests by http.Transport.
//
// Both accept the same responses, and use a connection again only if nothing has
// come through it that no request asked for (response queue poisoning). The
// parser of responses is that of net/http.
package http1
