package pagetoken

import (
	"encoding/binary"
	"net/http"
	"strings"
	"time"
)

// tokenReader reads the parts of a token. After an invalid part, invalid is true and all
// further parts are empty.
type tokenReader struct {
	rest    []byte
	invalid bool
}

func (in *tokenReader) take(n int) []byte {
	if n < 0 || n > len(in.rest) {
		in.invalid, in.rest = true, nil
		return make([]byte, min(max(n, 0), 8))
	}
	part := in.rest[:n]
	in.rest = in.rest[n:]
	return part
}

func (in *tokenReader) byte() byte { return in.take(1)[0] }

func (in *tokenReader) number() int {
	n, size := binary.Uvarint(in.rest)
	if size <= 0 || n > maxTokenLength {
		in.invalid, in.rest = true, nil
		return 0
	}
	in.rest = in.rest[size:]
	return int(n)
}

func (in *tokenReader) signed() int64 {
	n, size := binary.Varint(in.rest)
	if size <= 0 {
		in.invalid, in.rest = true, nil
		return 0
	}
	in.rest = in.rest[size:]
	return n
}

func (in *tokenReader) text() string { return string(in.take(in.number())) }

// change reads a text of appendChange.
func (in *tokenReader) change(before string) string {
	if in.byte() == 0 {
		return before
	}
	return in.text()
}

// variance reads the result of appendVariance.
func (in *tokenReader) variance() (bits byte, within []string) {
	bits = in.byte()
	if bits&withinBit != 0 {
		within = strings.Fields(in.text())
	}
	return bits &^ withinBit, within
}

func (in *tokenReader) views(made time.Time, h func(reference string, within []string) http.Header) []Shown {
	var views []Shown
	before, epoch := "", ""
	for n := min(in.number(), maxTokenViews); n > 0 && !in.invalid; n-- {
		shared := in.number()
		if shared > len(before) {
			in.invalid = true
			break
		}
		view := Shown{View: View{Reference: before[:shared] + in.text()}}
		bits, within := in.variance()
		view.Variant = Variant(h(view.Reference, within), bits, within)
		view.ETag, view.Revision = in.text(), in.signed()
		view.Date = made.Add(-time.Duration(in.signed()) * time.Millisecond)
		if view.Revision != 0 {
			epoch = in.change(epoch)
			view.Epoch = epoch
		}
		views = append(views, view)
		before = view.Reference
	}
	return views
}
