// Package stream has a body that one goroutine writes and any number of goroutines
// read while it arrives.
//
// A [Body] is kept, so that all readers get it from its beginning. A body that is too
// large or too slow to be kept passes through from then on, if it has a [Handoff]: to
// the one reader for whom it was requested, as fast as that reader reads.
package stream
