package esi

import (
	"iter"
	"time"
)

// Program is a compiled page. It is immutable, safe for concurrent use, and
// refers to the bytes it was compiled from.
type Program struct {
	Segments []Segment
	Warnings []Warning
}

// Includes returns all includes of a program in the order of the page, each
// before those of its content: also those of branches that may not be taken.
func (p *Program) Includes() iter.Seq[*Include] {
	return func(yield func(*Include) bool) { p.includes(yield) }
}

// includes reports whether yield wants to go on.
func (p *Program) includes(yield func(*Include) bool) bool {
	if p == nil {
		return true
	}
	for _, s := range p.Segments {
		on := true
		switch {
		case s.Include != nil:
			on = yield(s.Include) && s.Include.Fallback.includes(yield)
		case s.Choose != nil:
			for _, w := range s.Choose.When {
				on = on && w.Program.includes(yield)
			}
			on = on && s.Choose.Otherwise.includes(yield)
		case s.Try != nil:
			on = s.Try.Attempt.includes(yield) && s.Try.Except.includes(yield)
		}
		if !on {
			return false
		}
	}
	return true
}

// Segment is one step of a program: an include, a variable, a choose, a try
// or, if all of these are nil, bytes to be copied.
type Segment struct {
	Text     []byte
	Include  *Include
	Variable *Variable
	Choose   *Choose
	Try      *Try
}

// Include asks for another resource to be put in its place (ESI 1.0 §3.1).
// When it cannot be fetched, the order is: Alt, Fallback, nothing if
// ContinueOnError, and otherwise the page is in error.
type Include struct {
	Src Value // empty, as in src="": the include always fails
	Alt Value // empty: there is none

	// Fallback is the content of the element, nil if it has none.
	Fallback *Program

	// MaxWait bounds the time that a page waits for Src, and again for Alt.
	// Zero leaves it to whoever runs the program.
	MaxWait time.Duration

	// TTL is how long an answer stays fresh, whatever it says of itself. Zero
	// leaves it to the answer.
	TTL time.Duration
	// NoStore forbids to keep an answer, whatever it says of itself.
	NoStore bool

	ContinueOnError bool

	// FollowRedirects lets a redirect to the same origin be followed; any
	// other is a failure.
	FollowRedirects bool

	// Public marks an include that is the same for everybody, so that nothing of
	// the visitor's request is needed for it.
	Public bool
	// Primary marks the include that gives the page its status.
	Primary bool
	// Required marks one that must have answered before anything of the page
	// leaves. An include that is Primary, too, is the page itself.
	Required bool
}

// Choose stands for the first of its branches whose test is true (ESI 1.0
// §3.3).
type Choose struct {
	When      []When
	Otherwise *Program // nil: there is none
}

// When is a branch of a choose.
type When struct {
	Test    *Expression
	Program *Program
}

// Take returns the branch for what lookup says of the variables, and its
// number, which counts Otherwise as the last. Without a branch that is taken it
// is nil and -1.
func (c *Choose) Take(lookup func(Variable) string) (int, *Program) {
	for i, w := range c.When {
		if w.Test.True(lookup) {
			return i, w.Program
		}
	}
	if c.Otherwise == nil {
		return -1, nil
	}
	return len(c.When), c.Otherwise
}

// Try stands for Attempt if all that it includes can be shown, and otherwise
// for Except (ESI 1.0 §3.4). Neither is nil.
type Try struct {
	Attempt *Program
	Except  *Program
}
