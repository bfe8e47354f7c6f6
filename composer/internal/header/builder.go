package header

import (
	"net/http"
	"slices"
)

// Builder are the fields that a page's header has one value of. They are written
// one behind the other and become one string, to which the header refers: so
// nobody may use them again.
type Builder struct {
	Text   []byte
	fields [8]struct {
		name string
		end  int // of its value, in text
		way  mode
	}
	count int
	list  [8]string
}

// mode is what becomes of a value if the header has the field already.
type mode byte

const (
	IfAbsent mode = iota // it is not set
	Replace              // it is the only one
	Append               // it is one more
)

// EndField says that what was written since the last call is the value of a field,
// which has none if it is empty.
func (v *Builder) EndField(name string, w mode) {
	f := &v.fields[v.count]
	f.name, f.end, f.way = name, len(v.Text), w
	v.count++
}

// SetFields sets the fields.
func (v *Builder) SetFields(h http.Header) {
	all := string(v.Text)
	start := 0
	for i := range v.fields[:v.count] {
		f := &v.fields[i]
		before := h[f.name]
		if f.end > start && (f.way != IfAbsent || before == nil) {
			v.list[i] = all[start:f.end]
			if f.way == Append && len(before) > 0 {
				h[f.name] = append(slices.Clip(before), v.list[i])
			} else {
				h[f.name] = v.list[i : i+1 : i+1]
			}
		}
		start = f.end
	}
}

// SetMore sets one more field.
func (v *Builder) SetMore(h http.Header, name, value string) {
	i := v.count
	v.count++
	v.list[i] = value
	h[name] = v.list[i : i+1 : i+1]
}
