package esi

import (
	"bytes"
	"fmt"
	"strconv"

	"selvedge/composer/internal/suggest"
)

// Warning describes a likely mistake to the author of a page.
type Warning struct {
	Line, Column int    // both from 1; the column counts bytes
	Text         string // the mistake
	Advice       string // the remedy, as a clause: add </esi:vars>
}

// String returns the warning after its position: 3:7: include has no src; add the address
// of a fragment as src.
func (w Warning) String() string {
	return fmt.Sprintf("%d:%d: %s; %s", w.Line, w.Column, w.Text, w.Advice)
}

// maxWarningText limits the length of a warning, in bytes, because a quoted name can be
// as long as the page.
const maxWarningText = 200

// maxWarnings limits the memory and the time for the warnings of a hostile page. Each
// warning takes time because its lines are counted.
const maxWarnings = 20

func warningAt(src []byte, offset int, advice, text string) Warning {
	line, column := Position(src, offset)
	return Warning{
		Line: line, Column: column,
		Text:   text[:min(len(text), maxWarningText)],
		Advice: advice[:min(len(advice), maxWarningText)],
	}
}

// Position returns the line and the column of an offset in a page, both from 1. The column
// counts bytes.
func Position(page []byte, offset int) (line, column int) {
	before := page[:offset]
	return bytes.Count(before, []byte("\n")) + 1, offset - bytes.LastIndexByte(before, '\n')
}

// maxSuggested limits the length of an unknown name that is compared with known names, in
// bytes.
const maxSuggested = 32

// similar returns the advice for an unknown name: the most similar of the known names,
// after a prefix, or to remove it.
func similar(prefix, name string, known []string) string {
	if len(name) <= maxSuggested {
		if best := suggest.Name(name, known); best != "" {
			return "did you mean " + strconv.Quote(prefix+best) + "?"
		}
	}
	return "remove it"
}
