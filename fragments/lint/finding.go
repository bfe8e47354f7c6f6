package lint

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
)

// Finding is a mistake in a fragment or a template.
type Finding struct {
	URL    string `json:"url"`    // of the response, or the name of the file
	Line   int    `json:"line"`   // of the body, from 1; 0 for a mistake in the header or in the behavior
	Column int    `json:"column"` // in bytes, from 1; 0 if Line is

	Rule    string `json:"rule"`    // a stable name, from the package documentation
	Message string `json:"message"` // the mistake
	Advice  string `json:"advice"`  // the remedy, as a clause
}

// String returns the finding as a line: URL:LINE:COLUMN: message; advice. Without a
// position, it is URL: message; advice.
func (f Finding) String() string {
	if f.Line > 0 {
		return f.URL + ":" + f.text()
	}
	return f.URL + ": " + f.text()
}

// text returns the finding without its URL.
func (f Finding) text() string {
	if f.Line > 0 {
		return fmt.Sprintf("%d:%d: %s; %s", f.Line, f.Column, f.Message, f.Advice)
	}
	return f.Message + "; " + f.Advice
}

// maxFindings limits the findings of one response, because a mistake at its beginning may
// be followed by many others.
const maxFindings = 50

// report collects the findings of one response or file.
type report struct {
	url      string
	body     []byte
	findings []Finding
}

// add adds a finding without a position.
func (r *report) add(rule, advice, format string, values ...any) {
	r.addAtLine(0, 0, rule, advice, fmt.Sprintf(format, values...))
}

// addAt adds a finding at an offset of the body.
func (r *report) addAt(offset int, rule, advice, format string, values ...any) {
	if r.isFull() {
		return
	}
	line, column := position(r.body, offset)
	r.addAtLine(line, column, rule, advice, fmt.Sprintf(format, values...))
}

func (r *report) addAtLine(line, column int, rule, advice, message string) {
	if !r.isFull() {
		r.findings = append(r.findings, Finding{r.url, line, column, rule, message, advice})
	}
}

// isFull reports whether further findings are left out.
func (r *report) isFull() bool { return len(r.findings) >= maxFindings }

// sorted returns the findings in the order of the body, those without a position first.
func (r *report) sorted() []Finding {
	slices.SortStableFunc(r.findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return r.findings
}

// position returns the line and the column of an offset, both from 1.
func position(body []byte, offset int) (line, column int) {
	before := body[:min(max(offset, 0), len(body))]
	return bytes.Count(before, []byte("\n")) + 1, len(before) - bytes.LastIndexByte(before, '\n')
}
