package esi

import (
	"bytes"
	"strings"
)

// Variable is a name that stands for something that is known only when a
// page is asked for (ESI 1.0 §4).
type Variable struct {
	Name string // such as QUERY_STRING
}

// Value is the value of an attribute: text in which variables may stand.
type Value struct {
	segments []Segment
}

// Expand returns the value with every variable replaced by what lookup says
// for it. What a variable brings in is not expanded again.
func (v Value) Expand(lookup func(Variable) string) string {
	if len(v.segments) == 1 && v.segments[0].Variable == nil {
		return string(v.segments[0].Text)
	}
	var b strings.Builder
	for _, s := range v.segments {
		if s.Variable != nil {
			b.WriteString(lookup(*s.Variable))
		} else {
			b.Write(s.Text)
		}
	}
	return b.String()
}

// Empty reports whether the attribute is missing or has no characters.
func (v Value) Empty() bool { return len(v.segments) == 0 }

// String returns the value as it was written.
func (v Value) String() string {
	return v.Expand(func(x Variable) string { return "$(" + x.Name + ")" })
}

var entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&apos;", "'", "&amp;", "&")

func parseValue(raw []byte) Value {
	text := raw
	if bytes.IndexByte(raw, '&') >= 0 {
		text = []byte(entities.Replace(string(raw)))
	}
	return Value{appendText(nil, text, true)}
}

// appendText appends text as segments, cut at its variables if variables is
// true.
func appendText(segments []Segment, text []byte, variables bool) []Segment {
	for variables {
		start, end, ok := findVariable(text)
		if !ok {
			break
		}
		if start > 0 {
			segments = append(segments, Segment{Text: text[:start:start]})
		}
		name := string(text[start+2 : end-1])
		segments = append(segments, Segment{Variable: &Variable{Name: name}})
		text = text[end:]
	}
	if len(text) > 0 {
		segments = append(segments, Segment{Text: text[:len(text):len(text)]})
	}
	return segments
}

// findVariable returns where the first $(NAME) of text begins and ends. A
// name consists of capitals, digits and underscores.
func findVariable(text []byte) (start, end int, ok bool) {
	for from := 0; ; {
		i := bytes.Index(text[from:], []byte("$("))
		if i < 0 {
			return 0, 0, false
		}
		start = from + i
		end = start + 2
		for end < len(text) && isVariableByte(text[end]) {
			end++
		}
		if end > start+2 && end < len(text) && text[end] == ')' {
			return start, end + 1, true
		}
		from = end
	}
}

func isVariableByte(c byte) bool {
	return 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_'
}
