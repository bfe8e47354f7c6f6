// Package http1 is an HTTP/1.1 client (RFC 9112) for sources of fragments.
//
//   - [Client] sends GET requests without a body, and reads and writes in the
//     goroutine of its caller.
//   - [Transport] sends all other requests by http.Transport.
//
// Both accept the same responses, and reuse a connection only if no bytes have arrived
// on it without a request (response queue poisoning). The parser of responses is that
// of net/http.
package http1
