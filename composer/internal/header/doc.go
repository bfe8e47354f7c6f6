// Package header reads and writes the header fields of HTTP that the composer knows,
// each by its specification: Cache-Control (RFC 9111 §5.2), targeted fields (RFC
// 9213), Cache-Groups (RFC 9875), Vary and ETag (RFC 9110), Link (RFC 8288), Cookie
// (RFC 6265), and Surrogate-Control and Surrogate-Capability (Edge Architecture 1.0).
//
// The functions keep no state, and are safe for concurrent use. A malformed field
// never fails a request: it has the meaning given by its specification, or none.
package header
