package composer

import (
	"net/http"

	"selvedge/composer/esi"
	"selvedge/composer/internal/stream"
)

// content is the body of a response while it arrives, and the program of one that is
// read as ESI.
type content struct {
	body     stream.Body
	rest     *http.Response // has the body, if that is not read here; nil otherwise
	compiler *esiCompiler   // nil: the body is not read as ESI

	// announced are the names of the fields that may stand in the trailer.
	announced http.Header
}

func newContent(limit int, compiled bool) *content {
	c := &content{body: stream.Body{Limit: limit}}
	if compiled {
		c.compiler = &esiCompiler{compiler: esi.Compiler{Variables: variableNames}}
		c.body.Observer = c.compiler
	}
	return c
}

// program returns the program of a body that has ended, nil if it has none.
func (c *content) program() *esi.Program {
	if c.compiler == nil {
		return nil
	}
	return c.compiler.program
}

// segments returns the segments of the program from the nth on, as far as they are
// certain. Otherwise it returns what [stream.Body.Next] returns without bytes.
func (c *content) segments(n int) (segments []esi.Segment, more <-chan struct{}, err error) {
	more, err = c.body.Observe(func() bool {
		all := c.compiler.segments
		if n < len(all) {
			segments = all[n:len(all):len(all)]
		}
		return segments != nil
	})
	return segments, more, err
}

// esiCompiler compiles a body while it arrives.
type esiCompiler struct {
	compiler esi.Compiler
	segments []esi.Segment // of the program, as far as they are certain
	program  *esi.Program  // nil before the end
}

var _ stream.Observer = (*esiCompiler)(nil)

// Write compiles the next bytes.
func (c *esiCompiler) Write(p []byte) { c.segments = append(c.segments, c.compiler.Write(p)...) }

// Close completes the program.
func (c *esiCompiler) Close() []byte {
	var rest []esi.Segment
	rest, c.program = c.compiler.Close()
	c.segments = append(c.segments, rest...)
	return c.compiler.Source()
}
