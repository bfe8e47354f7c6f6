// Package proxy is a gateway with a shared cache in front of an origin (RFC 9110 §3.7,
// RFC 9111). It completes the documents that are templates.
//
// A request takes one of these ways:
//
//   - serve.go: a GET is answered from the cache, or with a document that is fetched
//   - passthrough.go: any other request is passed through to the origin
//
// # Where to look
//
//   - document.go: a document is fetched, and kept, or passed through if it is too large
//     or too slow
//   - requestheader.go: the header that the origin receives
//   - informational.go: 1xx responses
//   - trailer.go: trailer sections
//   - invalidate.go: what a response to an unsafe method invalidates
//   - surrogate.go: another composer in front
package proxy
