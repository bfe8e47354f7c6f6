package esi

import "strings"

// Compile compiles a page. The program refers to src, so src must not change afterwards.
// The package documentation has the limits of a hostile page, and [Compiler] explains
// variables.
func Compile(src []byte, variables ...string) *Program {
	c := Compiler{Variables: variables, src: src[:len(src):len(src)]}
	return c.finish()
}

// Compiler compiles a page whose bytes arrive in chunks. It returns each segment as soon
// as further bytes cannot change the segment. The zero value is ready for one page. A
// Compiler is not safe for concurrent use.
//
// The size of the chunks affects neither the program nor its warnings. The time is linear
// in the length of the page even for chunks of one byte.
type Compiler struct {
	// Variables holds the names of the variables with values. The compiler warns of any
	// other variable in the page. With nil Variables there are no such warnings.
	Variables []string

	src      []byte // the page so far
	ended    bool   // src is the complete page
	warnings []Warning

	mode   mode // context of the byte at c.at
	at     int  // src before this offset has been read
	text   int  // start of the text without a piece
	tag    tag  // in mode inTag: the tag at c.at
	until  string
	opened int // in mode inVerbatim: offset of the esi:text
	seen   int // in mode inVerbatim: length of a possible end tag at c.at

	pieces   []piece
	returned int // number of pieces returned as segments
	shown    int // text before this offset has been returned

	stack     []element
	open      map[string]int  // number of open elements by name
	unknown   map[string]bool // names of the start tags taken out
	variables int             // number of open elements with variables in their text
	comments  int             // number of open <!--esi
	patterns  int             // number of compiled patterns
}

// Write copies the next bytes of the page and returns the segments that have become
// final, in the order of the page:
//
//   - Text is final at once, except a possible beginning of a tag or of a variable.
//   - An element is final when its end has been read.
//   - Content of vars, inline, text and <!--esi does not wait for the end of the element.
//   - Content of any other element waits for the end of the element.
//   - Text after an include without an end tag waits for the end of the element around
//     the include.
func (c *Compiler) Write(p []byte) []Segment {
	c.src = append(c.src, p...)
	c.run()
	c.flush(c.at, true)
	return c.settle()
}

// Close ends the page. It returns the segments not yet returned by Write, and the whole
// program. The program consists of the returned segments, with the same includes and
// variables. Adjacent text segments are merged. After Close, the Compiler must not be
// used.
func (c *Compiler) Close() (rest []Segment, whole *Program) {
	whole = c.finish()
	return c.settle(), whole
}

// Source returns the bytes written so far. The caller must not change them.
func (c *Compiler) Source() []byte { return c.src }

// finish compiles the page to its end.
func (c *Compiler) finish() *Program {
	c.ended = true
	c.run()
	c.flush(len(c.src), false)
	if c.mode == inVerbatim {
		c.warn(c.opened, "add </esi:text>", "text is not closed")
	}
	c.end()
	return &Program{Segments: c.segments(c.pieces), Warnings: c.warnings}
}

// warn records a warning. The words are joined into its text.
func (c *Compiler) warn(offset int, advice string, words ...string) {
	if len(c.warnings) < maxWarnings {
		c.warnings = append(c.warnings, warningAt(c.src, offset, advice, strings.Join(words, "")))
	}
}
