package esi

import (
	"bytes"
	"html"
	"sort"
	"strconv"
)

// decodedText is the value of an attribute with its character references decoded.
type decodedText struct {
	text   []byte
	shifts []shift // one for each reference, in order
}

// shift is the number of bytes by which the text from an offset on stands later in the
// attribute.
type shift struct{ from, by int }

// offset returns the offset in the attribute for an offset in the text.
func (d decodedText) offset(at int) int {
	n := sort.Search(len(d.shifts), func(i int) bool { return d.shifts[i].from > at })
	if n == 0 {
		return at
	}
	return at + d.shifts[n-1].by
}

// decode decodes the character references in an attribute: the five entities of XML and
// numbers, as in the output of template engines (&#39;, &#x27;). Any other name is text,
// because an & in an address need not begin a reference.
func decode(raw []byte) decodedText {
	i := bytes.IndexByte(raw, '&')
	if i < 0 {
		return decodedText{text: raw}
	}
	d := decodedText{text: make([]byte, 0, len(raw))}
	for at := 0; ; {
		if i < 0 {
			d.text = append(d.text, raw[at:]...)
			return d
		}
		d.text = append(d.text, raw[at:at+i]...)
		at += i
		if char, length := scanReference(raw[at:]); length > 0 {
			d.text = append(d.text, char...)
			at += length
			d.shifts = append(d.shifts, shift{len(d.text), at - len(d.text)})
		} else {
			d.text = append(d.text, '&')
			at++
		}
		i = bytes.IndexByte(raw[at:], '&')
	}
}

var entities = map[string]string{"lt": "<", "gt": ">", "quot": `"`, "apos": "'", "amp": "&"}

// maxReference limits the length of a character reference, in bytes: the largest number
// in decimal digits, with some leading zeros.
const maxReference = 16

// scanReference decodes the reference at the beginning of text, which starts with &. The
// length is 0 if there is no reference.
func scanReference(text []byte) (char string, length int) {
	end := bytes.IndexByte(text[:min(len(text), maxReference)], ';')
	if end < 0 {
		return "", 0
	}
	name, length := text[1:end], end+1
	if char, ok := entities[string(name)]; ok {
		return char, length
	}
	digits, numeric := bytes.CutPrefix(name, []byte("#"))
	if !numeric {
		return "", 0
	}
	base := 10
	if len(digits) > 0 && digits[0]|0x20 == 'x' {
		digits, base = digits[1:], 16
	}
	if _, err := strconv.ParseUint(string(digits), base, 32); err != nil {
		return "", 0
	}
	return html.UnescapeString(string(text[:length])), length // HTML §13.2.5.80
}
