package document

import (
	"slices"

	"selvedge/composer/esi"
	"selvedge/composer/htmltag"
)

// Marks in the segments of a template for the live element, which a page inserts into its
// own template unless the template has PageVariable or LiveVariable:
//
//   - BodyEnd precedes each end tag of body.
//   - LiveEnd is the last segment of a template without these variables.
//
// The element belongs at the last BodyEnd, or at LiveEnd in a template without a BodyEnd.
// Both marks have no text.
var (
	BodyEnd = &esi.Variable{Name: LiveVariable}
	LiveEnd = &esi.Variable{Name: LiveVariable}
)

// IsLiveMark reports whether a segment is BodyEnd or LiveEnd.
func IsLiveMark(s *esi.Segment) bool {
	return s.Variable == BodyEnd || s.Variable == LiveEnd
}

// HasLive reports whether pages of a complete template have the live element: by a mark, or
// by LiveVariable outside of branches.
func (d *Document) HasLive() bool {
	return d.program != nil && slices.ContainsFunc(d.program.Segments, func(s esi.Segment) bool {
		return s.Variable != nil && s.Variable.Name == LiveVariable && s.Variable != BodyEnd
	})
}

// liveMarker adds the marks to the segments of a template. Nil adds none.
type liveMarker struct {
	finder htmltag.Finder
	held   []esi.Segment // text that may begin an end tag
	isUsed bool          // the template has one of the variables
}

func newLiveMarker() *liveMarker {
	return &liveMarker{finder: htmltag.Finder{Name: "body"}}
}

// mark returns the next segments with marks. A text at the end that may begin an end tag is
// held for the next call.
func (m *liveMarker) mark(segments []esi.Segment) []esi.Segment {
	if m == nil {
		return segments
	}
	marked := make([]esi.Segment, 0, len(segments))
	for _, s := range segments {
		if m.isUsed = m.isUsed || usesToken(s); m.isUsed {
			marked = append(m.release(marked), s)
			continue
		}
		if s.Text == nil {
			m.finder.Interrupt()
			marked = append(m.release(marked), s)
			continue
		}
		marked = m.markText(marked, s.Text)
	}
	return marked
}

// markText appends a text with its marks.
func (m *liveMarker) markText(marked []esi.Segment, text []byte) []esi.Segment {
	from := 0
	for _, at := range m.finder.Find(text) {
		if at < 0 { // the tag begins with the held text
			marked = append(marked, esi.Segment{Variable: BodyEnd})
			continue
		}
		marked = appendText(m.release(marked), text[from:at])
		marked = append(marked, esi.Segment{Variable: BodyEnd})
		from = at
	}
	undecided := m.finder.Undecided()
	if undecided > len(text)-from {
		m.held = append(m.held, esi.Segment{Text: text})
		return marked
	}
	end := len(text) - undecided
	marked = appendText(m.release(marked), text[from:end])
	m.held = appendText(m.held, text[end:])
	return marked
}

// close returns the held text, and LiveEnd for a template without the variables.
func (m *liveMarker) close() []esi.Segment {
	if m == nil {
		return nil
	}
	rest := m.release(nil)
	if !m.isUsed {
		rest = append(rest, esi.Segment{Variable: LiveEnd})
	}
	return rest
}

// markProgram adds the marks to the segments of a complete program.
func (m *liveMarker) markProgram(p *esi.Program) {
	if m != nil {
		p.Segments = append(m.mark(p.Segments), m.close()...)
	}
}

// release appends the held text.
func (m *liveMarker) release(marked []esi.Segment) []esi.Segment {
	marked = append(marked, m.held...)
	m.held = m.held[:0]
	return marked
}

func appendText(segments []esi.Segment, text []byte) []esi.Segment {
	if len(text) == 0 {
		return segments
	}
	return append(segments, esi.Segment{Text: text[:len(text):len(text)]})
}

// usesToken reports whether a segment is PageVariable or LiveVariable, or has one of them in
// a branch.
func usesToken(s esi.Segment) bool {
	switch {
	case s.Variable != nil:
		return s.Variable.Name == PageVariable || s.Variable.Name == LiveVariable
	case s.Include != nil:
		return programUsesToken(s.Include.Fallback)
	case s.Choose != nil:
		return programUsesToken(s.Choose.Otherwise) ||
			slices.ContainsFunc(s.Choose.When, func(w esi.When) bool { return programUsesToken(w.Program) })
	case s.Try != nil:
		return programUsesToken(s.Try.Attempt) || programUsesToken(s.Try.Except)
	}
	return false
}

func programUsesToken(p *esi.Program) bool {
	return p != nil && slices.ContainsFunc(p.Segments, usesToken)
}
