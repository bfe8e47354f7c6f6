package esi

import "strings"

// Compile compiles a page. The program keeps referring to src, which must not
// change afterwards. See the package's documentation for what a page can do
// to it, and Compiler for variables.
func Compile(src []byte, variables ...string) *Program {
	c := Compiler{Variables: variables, src: src[:len(src):len(src)]}
	return c.finish()
}

// Compiler compiles a page whose bytes arrive one after another, and gives out
// its segments as soon as no later byte can change them. The zero value is
// ready for one page. A Compiler is not safe for concurrent use.
//
// How the bytes are cut into writes changes neither the program nor its
// warnings, and takes no more than linear time even if each comes alone.
type Compiler struct {
	// Variables are the names that have values. The compiler warns of all
	// others; it warns of none if Variables is nil.
	Variables []string

	src      []byte // the page so far
	ended    bool   // nothing follows src
	warnings []Warning

	mode   mode // what c.at stands in
	at     int  // what is before it has been read
	text   int  // where the text begins that is not yet a piece
	tag    tag  // of inTag: begins at c.at
	until  string
	opened int // of inVerbatim: where the esi:text begins
	seen   int // of inVerbatim: bytes behind c.at that may be its end tag

	pieces   []piece
	returned int // pieces that have been returned as segments
	shown    int // text before it has been returned

	stack     []element
	open      map[string]int  // names on the stack
	unknown   map[string]bool // names whose start tags were taken out
	variables int             // elements on the stack in which text has variables
	comments  int             // <!--esi on the stack
	patterns  int             // compiled so far
}

// Write takes the next bytes of the page, of which it keeps a copy. It returns
// the segments that have become final, in the order of the page: text at once,
// except what may be the beginning of a tag or of a variable, and an element
// when its end has been read. What stands in vars, inline, text and <!--esi
// does not wait for their end; what stands in any other element, or follows
// an include without end tag, waits for the element's end.
func (c *Compiler) Write(p []byte) []Segment {
	c.src = append(c.src, p...)
	c.run()
	c.flush(c.at, true)
	return c.settle()
}

// Close ends the page. It returns the segments that Write has not, and the
// whole program. That has the segments that were returned, includes and
// variables being the very same, but text that was returned in several
// segments and is not interrupted in the page is one. Nothing may be called
// after it.
func (c *Compiler) Close() (rest []Segment, whole *Program) {
	whole = c.finish()
	return c.settle(), whole
}

// Source returns what has been written, which must not be changed.
func (c *Compiler) Source() []byte { return c.src }

// finish reads the page to its end.
func (c *Compiler) finish() *Program {
	c.ended = true
	c.run()
	c.flush(len(c.src), false)
	if c.mode == inVerbatim {
		c.warn(c.opened, "text is not closed")
	}
	c.end()
	return &Program{Segments: c.segments(c.pieces), Warnings: c.warnings}
}

// warn remembers a warning, its text being the words put together.
func (c *Compiler) warn(offset int, words ...string) {
	if len(c.warnings) < maxWarnings {
		c.warnings = append(c.warnings, warningAt(c.src, offset, strings.Join(words, "")))
	}
}
