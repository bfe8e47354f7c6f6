package document

import (
	"selvedge/composer/esi"
	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/stream"
)

// Variables of a template in addition to ESI 1.0 §4.
const (
	// StylesVariable, in the head of a page, stands for the stylesheets of all fragments
	// of the page.
	StylesVariable = "SELVEDGE_STYLES"
	// PageVariable, at the end of a page, stands for the page token.
	PageVariable = "SELVEDGE_PAGE"
	// LiveVariable, at the end of a page, stands for the live element with the page token.
	LiveVariable = "SELVEDGE_LIVE"
	// LateVariable is true in the fallback of an include that missed its deadline, and
	// empty everywhere else.
	LateVariable = "SELVEDGE_LATE"
	// PathVariable with a key is a value of the pattern that the path of the page matches.
	PathVariable = "SELVEDGE_PATH"
)

// Variables are all variables known to templates.
var Variables = []string{
	"QUERY_STRING", "HTTP_HOST", "HTTP_REFERER", "HTTP_USER_AGENT", "HTTP_ACCEPT_LANGUAGE", "HTTP_COOKIE", "ESI_ARGS",
	StylesVariable, PageVariable, LiveVariable, LateVariable, PathVariable,
}

// Reading is the way in which a body is read.
type Reading uint8

const (
	AsText     Reading = iota // copied
	AsESI                     // compiled
	AsLivePage                // compiled, with marks for the live element
)

// newMarker returns the marker for the live element, or nil.
func (r Reading) newMarker() *liveMarker {
	if r != AsLivePage {
		return nil
	}
	return newLiveMarker()
}

// Compile returns the program of a complete body, or nil for AsText.
func Compile(body []byte, as Reading) *esi.Program {
	if as == AsText {
		return nil
	}
	p := esi.Compile(body, Variables...)
	as.newMarker().markProgram(p)
	return p
}

// incoming is an arriving body with its document, in one allocation.
type incoming struct {
	Document
	body stream.Body
}

// Receive gives a response an arriving body of at most limit bytes, and its document. The
// parameter first has the first bytes of the body, and is not written to the body. ESI is
// compiled while it arrives.
func (h Head) Receive(r *cache.Response, first []byte, limit int, as Reading) *stream.Body {
	h.readMark(first)
	in := &incoming{Document: Document{Head: h}, body: stream.Body{Limit: limit}}
	if as != AsText {
		in.body.Observer = &compiler{reading: as, marker: as.newMarker(), compiler: esi.Compiler{Variables: Variables}}
	}
	r.Coming, r.Attachment = &in.body, &in.Document
	return &in.body
}

// ComingProgram returns the program of a body that has arrived, or nil for a body without
// a program.
func ComingProgram(body *stream.Body) *esi.Program {
	if body.Observer == nil {
		return nil
	}
	return body.Observer.(*compiler).program
}

// Segments returns the final segments of a body that is read as ESI, from the nth segment
// on. If there are none, Segments returns the same channel or error as [stream.Body.Next]
// without bytes.
func Segments(body *stream.Body, n int) (segments []esi.Segment, more <-chan struct{}, err error) {
	c := body.Observer.(*compiler)
	more, err = body.Observe(func() bool {
		if n < len(c.segments) {
			segments = c.segments[n:len(c.segments):len(c.segments)]
		}
		return segments != nil
	})
	return segments, more, err
}

// compiler compiles a body while it arrives.
type compiler struct {
	reading  Reading
	compiler esi.Compiler
	marker   *liveMarker
	segments []esi.Segment // the final segments of the program
	program  *esi.Program  // nil before the end
}

var _ stream.Observer = (*compiler)(nil)

// Write compiles the next bytes.
func (c *compiler) Write(p []byte) {
	c.segments = append(c.segments, c.marker.mark(c.compiler.Write(p))...)
}

// Close completes the program.
func (c *compiler) Close() []byte {
	var rest []esi.Segment
	rest, c.program = c.compiler.Close()
	c.segments = append(c.segments, c.marker.mark(rest)...)
	c.segments = append(c.segments, c.marker.close()...)
	c.reading.newMarker().markProgram(c.program)
	return c.compiler.Source()
}
