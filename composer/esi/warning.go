package esi

import (
	"bytes"
	"fmt"
)

// Warning describes a likely mistake to the author of a page.
type Warning struct {
	Line, Column int // both from 1; the column counts bytes
	Text         string
}

// String returns the warning after its position: 3:7: include has no src.
func (w Warning) String() string {
	return fmt.Sprintf("%d:%d: %s", w.Line, w.Column, w.Text)
}

// maxWarningText limits the length of a warning, in bytes, because a quoted name can be
// as long as the page.
const maxWarningText = 200

// maxWarnings limits the memory and the time for the warnings of a hostile page. Each
// warning takes time because its lines are counted.
const maxWarnings = 20

func warningAt(src []byte, offset int, text string) Warning {
	before := src[:offset]
	return Warning{
		Line:   bytes.Count(before, []byte("\n")) + 1,
		Column: offset - bytes.LastIndexByte(before, '\n'),
		Text:   text[:min(len(text), maxWarningText)],
	}
}
