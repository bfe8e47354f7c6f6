// Package cachepolicy computes the caching fields of a page from those of its parts.
//
// A [Policy] has the directives of one response for caches in front of the composer
// (RFC 9111 §5.2). A [Combined] is the strictest policy of several responses: it makes
// Age, Cache-Control, ETag, Expires and Last-Modified of their page.
package cachepolicy
