package esi

import (
	"bytes"
	"strings"
)

// Value is the address of an include: text in which variables may stand.
type Value struct {
	segments []Segment
	part     string
}

// Expand returns the address without its part, every variable replaced by
// what lookup says for it, or else by its default. What a variable brings in
// is not expanded again.
func (v Value) Expand(lookup func(Variable) string) string {
	if len(v.segments) == 1 && v.segments[0].Variable == nil {
		return string(v.segments[0].Text)
	}
	var b strings.Builder
	for _, s := range v.segments {
		if s.Variable != nil {
			b.WriteString(s.Variable.Or(lookup(*s.Variable)))
		} else {
			b.Write(s.Text)
		}
	}
	return b.String()
}

// Part returns the id of the element that is meant, empty if it is the whole
// answer: of /page#offers it is offers. No variable can bring it in.
func (v Value) Part() string { return v.part }

// Empty reports whether the attribute is missing or has no characters.
func (v Value) Empty() bool { return len(v.segments) == 0 }

// String returns the address as it can be written.
func (v Value) String() string {
	s := source(v.segments)
	if v.part != "" {
		s += "#" + v.part
	}
	return s
}

var entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&apos;", "'", "&amp;", "&")

// decode returns an attribute's text without entities.
func decode(raw []byte) []byte {
	if bytes.IndexByte(raw, '&') < 0 {
		return raw
	}
	return []byte(entities.Replace(string(raw)))
}

// parseValue reads an address. What follows # is its part, unless the # stands
// in a variable.
func parseValue(raw []byte) Value {
	v := Value{segments: appendText(nil, decode(raw), true)}
	for i, s := range v.segments {
		before, part, ok := bytes.Cut(s.Text, []byte("#"))
		if !ok {
			continue
		}
		v.part = string(part) + source(v.segments[i+1:])
		v.segments = v.segments[:i]
		if len(before) > 0 {
			v.segments = append(v.segments, Segment{Text: before})
		}
		break
	}
	return v
}

// source returns texts and variables as they can be written.
func source(segments []Segment) string {
	var b strings.Builder
	for _, s := range segments {
		if s.Variable != nil {
			b.WriteString(s.Variable.String())
		} else {
			b.Write(s.Text)
		}
	}
	return b.String()
}

// appendText appends text as segments, cut at its variables if variables is
// true.
func appendText(segments []Segment, text []byte, variables bool) []Segment {
	for variables {
		v, start, end, ok := findVariable(text)
		if !ok {
			break
		}
		if start > 0 {
			segments = append(segments, Segment{Text: text[:start:start]})
		}
		segments = append(segments, Segment{Variable: &v})
		text = text[end:]
	}
	if len(text) > 0 {
		segments = append(segments, Segment{Text: text[:len(text):len(text)]})
	}
	return segments
}
