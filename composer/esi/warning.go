package esi

import (
	"bytes"
	"fmt"
)

// Warning tells the author of a page about something that is probably not
// what was meant.
type Warning struct {
	Line, Column int // both from 1; the column counts bytes
	Text         string
}

// String prints the warning behind its position: 3:7: include has no src.
func (w Warning) String() string {
	return fmt.Sprintf("%d:%d: %s", w.Line, w.Column, w.Text)
}

// maxWarningText bounds the length of a warning, in bytes: what it quotes can be
// as long as the page.
const maxWarningText = 200

// maxWarnings bounds what a hostile page can make us remember and, since each
// warning counts the lines before it, compute.
const maxWarnings = 20

func warningAt(src []byte, offset int, text string) Warning {
	before := src[:offset]
	return Warning{
		Line:   bytes.Count(before, []byte("\n")) + 1,
		Column: offset - bytes.LastIndexByte(before, '\n'),
		Text:   text[:min(len(text), maxWarningText)],
	}
}
