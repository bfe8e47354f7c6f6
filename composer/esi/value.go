package esi

import (
	"bytes"
	"strings"
)

// Value is the address of an include: text with optional variables.
type Value struct {
	text     string    // an address without variables
	segments []Segment // an address with variables
	part     string
}

// Expand returns the address without its part. Each variable is replaced by its value
// from lookup, or by its default. The values are not expanded again.
func (v Value) Expand(lookup func(Variable) string) string {
	return v.ExpandURL(lookup, lookup)
}

// ExpandURL is Expand with a separate lookup for the variables of the query, after the
// first ? of the text. The lookups differ because a path and a query have different
// dangerous values.
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

// Static returns the address without its part. It reports false if the address has
// variables.
func (v Value) Static() (address string, ok bool) {
	return v.text, len(v.segments) == 0
}

// Part returns the id of the selected element, or "" for the whole response: the part of
// /page#offers is offers. A variable cannot add a part.
func (v Value) Part() string { return v.part }

// Empty reports whether the attribute is missing or has no address.
func (v Value) Empty() bool { return v.text == "" && len(v.segments) == 0 }

// String returns the address in ESI syntax.
func (v Value) String() string {
	s := v.text + source(v.segments)
	if v.part != "" {
		s += "#" + v.part
	}
	return s
}

// parseValue parses an address. The text after # is the part, unless the # is inside a
// variable. White space around the address is ignored. The result does not refer to raw.
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

// source returns text and variables in ESI syntax.
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

// cutText splits text at its variables.
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
