package esi

import (
	"iter"
	"time"
)

// Program is a compiled page. It is immutable and safe for concurrent use, and refers to
// the bytes of the page.
type Program struct {
	Segments []Segment
	Warnings []Warning
}

// Includes returns all includes of a program in the order of the page, also in branches
// that may not be taken. An include precedes the includes of its content.
func (p *Program) Includes() iter.Seq[*Include] {
	return func(yield func(*Include) bool) { p.includes(yield) }
}

// includes reports whether yield has asked for more.
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

// Segment is one step of a program: an include, a variable, a choose, a try or, if all of
// these are nil, text to be copied.
type Segment struct {
	Text     []byte
	Include  *Include
	Variable *Variable
	Choose   *Choose
	Try      *Try
}

// Include is replaced by a resource (ESI 1.0 §3.1). If Src cannot be fetched, the first
// possible step of these is taken:
//
//  1. fetch Alt,
//  2. run Fallback,
//  3. show nothing, with ContinueOnError,
//  4. fail the page.
type Include struct {
	Src Value // empty, as in src="": the include always fails
	Alt Value // empty if absent

	Offset int // of the tag in the page, in bytes

	// Fallback is the content of the element, or nil.
	Fallback *Program

	// MaxWait limits the time a page waits for Src, and again for Alt. With zero, the
	// limit is up to the caller.
	MaxWait time.Duration

	// TTL replaces the freshness lifetime of the response. With zero, the response keeps
	// its own lifetime.
	TTL time.Duration
	// NoStore forbids storing the response, even if the response allows it.
	NoStore bool

	ContinueOnError bool

	// FollowRedirects follows a redirect within the origin. Any other redirect is a
	// failure.
	FollowRedirects bool

	// Public marks an include that is the same for all visitors, so its request needs
	// nothing of the visitor's request.
	Public bool
	// Primary marks the include that sets the status of the page.
	Primary bool
	// Required marks an include that must be answered before the page's first byte is
	// sent. An include with both Required and Primary is the page itself.
	Required bool
}

// Choose stands for the first of its branches with a true test (ESI 1.0 §3.3).
type Choose struct {
	When      []When
	Otherwise *Program // nil if absent
}

// When is a branch of a choose.
type When struct {
	Test    *Expression
	Program *Program
}

// Take returns the index and the program of the branch to take, with the values of
// variables returned by lookup. The index of Otherwise is the last index. If no branch is
// taken, the result is -1 and nil.
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

// Try stands for Attempt if all includes of the attempt can be shown, and otherwise for
// Except (ESI 1.0 §3.4). Neither is nil.
type Try struct {
	Attempt *Program
	Except  *Program
}
