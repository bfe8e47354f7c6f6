package header

import (
	"iter"
	"net/http"
	"slices"
	"strings"
)

// Compact holds the header fields of a stored response in one string, because an
// http.Header takes as much memory as a small body. A field is its name and its value,
// with a newline after each; the name of a common field is one byte without a newline.
// The zero value has no fields.
type Compact string

// commonNames lists the names of common fields. In a Compact a name is its index here,
// so there can be up to 32: no field name begins with a byte below a space.
var commonNames = [...]string{
	"Age", "Cache-Control", "Cache-Groups", "Content-Language", "Content-Length", "Content-Type", "Date", "Etag",
	"Expires", "Last-Modified", "Link", "Selvedge-Cache-Control", "Server", SurrogateControl, "Vary",
	"Access-Control-Allow-Origin", "Cache-Tag", "Cdn-Cache-Control", "Content-Security-Policy",
	"Strict-Transport-Security", "Surrogate-Key", "X-Content-Type-Options", "Xkey",
}

// NewCompact returns the fields of h. A field without a valid name is left out, and a
// line break in a value becomes a space, as in net/http.
func NewCompact(h http.Header) Compact {
	var room [512]byte // enough for most headers, and on the stack
	b := room[:0]
	for name, values := range h {
		for _, value := range values {
			b = appendField(b, name, value)
		}
	}
	return Compact(b)
}

func appendField(b []byte, name, value string) []byte {
	if i := slices.Index(commonNames[:], name); i >= 0 {
		b = append(b, byte(i))
	} else if name == "" || name[0] < ' ' || strings.Contains(name, "\n") {
		return b
	} else {
		b = append(append(b, name...), '\n')
	}
	start := len(b)
	b = append(append(b, value...), '\n')
	if strings.IndexByte(value, '\n') < 0 && strings.IndexByte(value, '\r') < 0 {
		return b // as for nearly all values
	}
	for i := range b[start : len(b)-1] {
		if c := b[start+i]; c == '\n' || c == '\r' {
			b[start+i] = ' '
		}
	}
	return b
}

// cut returns the first field and the rest. f must not be empty.
func (f Compact) cut() (name, value string, rest Compact) {
	text := string(f)
	if c := text[0]; c < ' ' {
		name, text = commonNames[c], text[1:]
	} else {
		name, text, _ = strings.Cut(text, "\n")
	}
	value, text, _ = strings.Cut(text, "\n")
	return name, value, Compact(text)
}

// All yields the name and the value of each field.
func (f Compact) All() iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		for len(f) > 0 {
			var name, value string
			if name, value, f = f.cut(); !yield(name, value) {
				return
			}
		}
	}
}

// Get returns the first value of a field, or "" without the field. The name must be in
// canonical form.
func (f Compact) Get(name string) string {
	for found, value := range f.All() {
		if found == name {
			return value
		}
	}
	return ""
}

// Values returns all values of a field. The name must be in canonical form.
func (f Compact) Values(name string) []string {
	var values []string
	for found, value := range f.All() {
		if found == name {
			values = append(values, value)
		}
	}
	return values
}

// Header returns the fields as a new http.Header.
func (f Compact) Header() http.Header {
	h := make(http.Header)
	for name, value := range f.All() {
		h[name] = append(h[name], value)
	}
	return h
}

// Without returns the fields except those with the given names.
func (f Compact) Without(names ...string) Compact {
	var b []byte
	for name, value := range f.All() {
		if !slices.Contains(names, name) {
			b = appendField(b, name, value)
		}
	}
	return Compact(b)
}
