package composer

import (
	"net/http"
	"slices"
)

// values are the fields that a page's header has one value of. They are written
// one behind the other and become one string, to which the header refers: so
// nobody may use them again.
type values struct {
	text   []byte
	fields [8]struct {
		name string
		end  int // of its value, in text
		way  way
	}
	count int
	list  [8]string
}

// way is what becomes of a value if the header has the field already.
type way byte

const (
	yields   way = iota // it is not set
	replaces            // it is the only one
	joins               // it is one more
)

// end says that what was written since the last call is the value of a field,
// which has none if it is empty.
func (v *values) end(name string, w way) {
	f := &v.fields[v.count]
	f.name, f.end, f.way = name, len(v.text), w
	v.count++
}

// set sets the fields.
func (v *values) set(h http.Header) {
	all := string(v.text)
	start := 0
	for i := range v.fields[:v.count] {
		f := &v.fields[i]
		before := h[f.name]
		if f.end > start && (f.way != yields || before == nil) {
			v.list[i] = all[start:f.end]
			if f.way == joins && len(before) > 0 {
				h[f.name] = append(slices.Clip(before), v.list[i])
			} else {
				h[f.name] = v.list[i : i+1 : i+1]
			}
		}
		start = f.end
	}
}

// add sets one more field.
func (v *values) add(h http.Header, name, value string) {
	i := v.count
	v.count++
	v.list[i] = value
	h[name] = v.list[i : i+1 : i+1]
}
