package header

import (
	"net/http"
	"slices"
)

// Builder builds header fields of one value each. The values are appended to Text
// one after the other and become one string, to which the header refers; a Builder
// must therefore not be used for a second header. It has room for 8 fields. It is
// not safe for concurrent use.
type Builder struct {
	Text   []byte
	fields [8]struct {
		name string
		end  int // end of the value in Text
		mode mode
	}
	count int
	list  [8]string
}

// mode says how a value combines with a field that the header has already.
type mode byte

const (
	IfAbsent mode = iota // keep the present field
	Replace              // replace the present values
	Append               // add a value to the present ones
)

// EndField makes the bytes appended to Text since the last call the value of a field.
// A field without bytes is not set.
func (b *Builder) EndField(name string, m mode) {
	f := &b.fields[b.count]
	f.name, f.end, f.mode = name, len(b.Text), m
	b.count++
}

// SetFields sets the fields in h.
func (b *Builder) SetFields(h http.Header) {
	all := string(b.Text)
	start := 0
	for i := range b.fields[:b.count] {
		f := &b.fields[i]
		before := h[f.name]
		if f.end > start && (f.mode != IfAbsent || before == nil) {
			b.list[i] = all[start:f.end]
			if f.mode == Append && len(before) > 0 {
				h[f.name] = append(slices.Clip(before), b.list[i])
			} else {
				h[f.name] = b.list[i : i+1 : i+1]
			}
		}
		start = f.end
	}
}

// SetField sets the field name in h, in place of its present values. It counts as one
// of the fields of the Builder.
func (b *Builder) SetField(h http.Header, name, value string) {
	i := b.count
	b.count++
	b.list[i] = value
	h[name] = b.list[i : i+1 : i+1]
}
