package esi

import (
	"bytes"
	"strings"
)

// Value is the address of an include: text in which variables may stand.
type Value struct {
	text     string    // of an address without variables
	segments []Segment // of one with variables
	part     string
}

// Expand returns the address without its part, every variable replaced by
// what lookup says for it, or else by its default. What a variable brings in
// is not expanded again.
func (v Value) Expand(lookup func(Variable) string) string {
	return v.ExpandURL(lookup, lookup)
}

// ExpandURL is Expand with a lookup of its own for the variables of the query,
// which stand behind the first ? of the text. In a path, other values are
// dangerous.
func (v Value) ExpandURL(path, query func(Variable) string) string {
	if text, ok := v.Static(); ok {
		return text
	}
	var b strings.Builder
	lookup := path
	for _, s := range v.segments {
		if s.Variable != nil {
			b.WriteString(s.Variable.Or(lookup(*s.Variable)))
			continue
		}
		b.Write(s.Text)
		if bytes.IndexByte(s.Text, '?') >= 0 {
			lookup = query
		}
	}
	return b.String()
}

// Static returns the address without its part if no variable stands in it.
func (v Value) Static() (address string, ok bool) {
	return v.text, len(v.segments) == 0
}

// Part returns the id of the element that is meant, empty if it is the whole
// answer: of /page#offers it is offers. No variable can bring it in.
func (v Value) Part() string { return v.part }

// Empty reports whether the attribute is missing or has no address.
func (v Value) Empty() bool { return v.text == "" && len(v.segments) == 0 }

// String returns the address as it can be written.
func (v Value) String() string {
	s := v.text + source(v.segments)
	if v.part != "" {
		s += "#" + v.part
	}
	return s
}

// parseValue reads an address. What follows # is its part, unless the # stands
// in a variable. White space around it is not a part of it. It keeps nothing
// of raw.
func parseValue(raw []byte) Value {
	raw = bytes.TrimSpace(decode(raw).text)
	if !bytes.Contains(raw, []byte("$(")) {
		text, part, _ := strings.Cut(string(raw), "#")
		return Value{text: text, part: part}
	}
	v := Value{segments: cutText(bytes.Clone(raw))}
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
	if len(v.segments) == 1 && v.segments[0].Variable == nil {
		return Value{text: string(v.segments[0].Text), part: v.part}
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

// cutText cuts text at its variables.
func cutText(text []byte) []Segment {
	var segments []Segment
	for {
		v, start, end := findVariable(text, false)
		if start > 0 {
			segments = append(segments, Segment{Text: text[:start:start]})
		}
		if v == nil {
			return segments
		}
		segments = append(segments, Segment{Variable: v})
		text = text[end:]
	}
}
