package esi

import "slices"

// piece is a segment that can still be folded into an element around it. A piece of text
// holds its offsets, so that text is a single piece after any number of writes.
//
// A flat list of pieces holds everything read so far. The end of an element folds the end
// of this list, so an unclosed element needs no repair. A piece is moved at most once for
// each level of nesting.
type piece struct {
	what       any // *Include, *Variable, *Choose or *Try; nil for text
	start, end int // of text
}

// flush adds the text up to end as pieces. If the text goes on there, the possible
// beginning of a variable waits for the rest of the variable.
func (c *Compiler) flush(end int, goesOn bool) {
	for c.variables > 0 && (c.mode == inText || c.mode == inTag) {
		text := c.src[c.text:end]
		v, from, to := findVariable(text, goesOn)
		if v == nil {
			end = c.text + from
			break
		}
		c.addText(c.text, c.text+from)
		c.addVariable(v, c.text+from)
		c.text += to
	}
	c.addText(c.text, end)
	c.text = end
}

// expand adds an attribute of a tag as pieces, like text in vars. Character references in
// its variables are decoded. Its text is left unchanged, because the text becomes HTML.
func (c *Compiler) expand(a attribute, tagEnd int) {
	value := decode(a.value)
	for at := 0; ; {
		v, from, to := findVariable(value.text[at:], false)
		c.addText(a.offset+value.offset(at), a.offset+value.offset(at+from))
		if v == nil {
			break
		}
		c.addVariable(v, a.offset+value.offset(at+from))
		at += to
	}
	c.resume(tagEnd)
}

// addVariable adds a variable at an offset of the page.
func (c *Compiler) addVariable(v *Variable, offset int) {
	c.checkVariable(v.Name, offset)
	c.pieces = append(c.pieces, piece{what: v})
}

// checkVariable warns of an unknown variable.
func (c *Compiler) checkVariable(name string, offset int) {
	if c.Variables != nil && !slices.Contains(c.Variables, name) {
		c.warn(offset, similar("", name, c.Variables), "the variable ", name, " is unknown, so it has no value")
	}
}

// addText adds text to an adjacent piece, or as a piece of its own.
func (c *Compiler) addText(start, end int) {
	if start == end {
		return
	}
	if n := len(c.pieces); n > 0 && c.pieces[n-1].what == nil && c.pieces[n-1].end == start {
		c.pieces[n-1].end = end
		return
	}
	c.pieces = append(c.pieces, piece{start: start, end: end})
}

// settle returns the segments that have become final since the last call.
func (c *Compiler) settle() []Segment {
	final := c.settled()
	var segments []Segment
	for _, p := range c.pieces[c.returned:final] {
		if p.start = max(p.start, c.shown); p.what != nil || p.start < p.end {
			segments = append(segments, c.segment(p))
		}
	}
	c.returned = final
	if final > 0 && c.pieces[final-1].what == nil {
		// This text may still grow.
		c.returned--
		c.shown = c.pieces[final-1].end
	}
	return segments
}

// settled returns the number of final pieces.
func (c *Compiler) settled() int {
	for _, e := range c.stack {
		if e.include != nil {
			return e.pieces - 1
		}
		if e.holds() {
			return e.pieces
		}
	}
	return len(c.pieces)
}

func (c *Compiler) segment(p piece) Segment {
	switch what := p.what.(type) {
	case *Include:
		return Segment{Include: what}
	case *Variable:
		return Segment{Variable: what}
	case *Choose:
		return Segment{Choose: what}
	case *Try:
		return Segment{Try: what}
	}
	return Segment{Text: c.src[p.start:p.end:p.end]}
}

func (c *Compiler) segments(pieces []piece) []Segment {
	if len(pieces) == 0 {
		return nil
	}
	segments := make([]Segment, len(pieces))
	for i, p := range pieces {
		segments[i] = c.segment(p)
	}
	return segments
}
