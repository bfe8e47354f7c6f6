// Package cachepolicy computes the caching fields of a page from those of its parts.
//
// A [Policy] is what one response says to caches behind us (RFC 9111 §5.2). A
// [Combined] is the strictest policy of several responses: it makes Age,
// Cache-Control, ETag, Expires and Last-Modified of the page that shows them.
package cachepolicy
