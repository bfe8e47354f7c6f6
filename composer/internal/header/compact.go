package header

import (
	"iter"
	"net/http"
	"slices"
	"strings"
)

// Compact are the header fields of an answer in a small space: a map of
// http.Header takes as much as a small body. They are one text. A field in it is
// its name and its value, each with a newline behind it; the name of a common
// field is one byte, without a newline.
type Compact string

// commonNames are those that many answers have: up to 32, since the byte that
// stands for one is its place here, and no name begins with such a byte.
var commonNames = [...]string{
	"Age", "Cache-Control", "Cache-Groups", "Content-Language", "Content-Length", "Content-Type", "Date", "Etag",
	"Expires", "Last-Modified", "Link", "Selvedge-Cache-Control", "Server", SurrogateControl, "Vary",
	"Access-Control-Allow-Origin", "Cache-Tag", "Cdn-Cache-Control", "Content-Security-Policy",
	"Strict-Transport-Security", "Surrogate-Key", "X-Content-Type-Options", "Xkey",
}

// NewCompact returns the fields of a header. What would not be one in HTTP is
// left out or, as by net/http, becomes a space.
func NewCompact(h http.Header) Compact {
	var room [512]byte // enough for most, and not kept
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
	for i := range b[start : len(b)-1] {
		if c := b[start+i]; c == '\n' || c == '\r' {
			b[start+i] = ' '
		}
	}
	return b
}

// cut returns the first field, and the others.
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

// Get returns the first value of a field whose name is in its canonical form,
// empty if there is none.
func (f Compact) Get(name string) string {
	for found, value := range f.All() {
		if found == name {
			return value
		}
	}
	return ""
}

// Values returns all values of a field.
func (f Compact) Values(name string) []string {
	var values []string
	for found, value := range f.All() {
		if found == name {
			values = append(values, value)
		}
	}
	return values
}

// Header returns the fields as a header of their own.
func (f Compact) Header() http.Header {
	h := make(http.Header)
	for name, value := range f.All() {
		h[name] = append(h[name], value)
	}
	return h
}

// Without returns the fields but for those of some names.
func (f Compact) Without(names ...string) Compact {
	var b []byte
	for name, value := range f.All() {
		if !slices.Contains(names, name) {
			b = appendField(b, name, value)
		}
	}
	return Compact(b)
}
