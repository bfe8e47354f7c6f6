// Package requestbody reads the bodies of clients' requests.
//
// A client can send a body as slowly as it likes, and must not occupy one of the slots for
// requests to a source meanwhile. So the beginning of a [Body] is read before its request
// acquires a slot. A body that is longer, or slower, takes one of the slots for uploads.
package requestbody
