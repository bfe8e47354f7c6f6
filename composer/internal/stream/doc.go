// Package stream implements a response body with one writing goroutine and any number of
// reading goroutines while it arrives.
//
// A [Body] is kept, so that all readers get it from its beginning. A body with a
// [Handoff] passes through from the moment it is too large or too slow to be kept: its
// remaining bytes go to the one reader of the original request, at the speed of this
// reader.
package stream
