package esi

import "time"

// Program is a compiled page. It is immutable, safe for concurrent use, and
// refers to the bytes it was compiled from.
type Program struct {
	Segments []Segment
	Warnings []Warning
}

// Segment is one step of a program: an include, a variable or, if both are
// nil, bytes to be copied.
type Segment struct {
	Text     []byte
	Include  *Include
	Variable *Variable
}

// Include asks for another resource to be put in its place (ESI 1.0 §3.1).
// When it cannot be fetched, the order is: Alt, Fallback, nothing if
// ContinueOnError, and otherwise the page is in error.
type Include struct {
	Src Value // empty: the include always fails
	Alt Value // empty: there is none

	// Fallback is the content of the element, nil if it has none.
	Fallback *Program

	// MaxWait bounds the time that a page waits for Src, and again for Alt.
	// Zero leaves it to whoever runs the program.
	MaxWait time.Duration

	ContinueOnError bool

	// Primary marks the include that gives the page its status.
	Primary bool
}
