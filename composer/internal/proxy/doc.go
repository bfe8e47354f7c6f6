// Package proxy is a gateway with a shared cache in front of an origin (RFC 9110 §3.7,
// RFC 9111). It completes documents that are templates.
//
// A request takes one of two ways:
//
//   - serve.go: a GET is answered from the cache, or with a fetched document
//   - passthrough.go: any other request is passed through to the origin
//
// # Where to look
//
//   - document.go: a document is fetched and kept, or passed through if it is too large
//     or too slow
//   - requestheader.go: the header of the request to the origin
//   - informational.go: 1xx responses
//   - trailer.go: trailer sections
//   - invalidate.go: the invalidation by the response to an unsafe method
//   - surrogate.go: a composer in front of this composer
package proxy
