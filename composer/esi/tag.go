package esi

import "bytes"

// tag is an esi: tag of the page, as far as it has been read.
type tag struct {
	name        string // without esi:
	offset, end int    // offsets of its beginning and of the byte after it
	closing     bool   // </esi:name>
	empty       bool   // <esi:name/>
	ok          bool   // well-formed
	attributes  []attribute

	next  step   // continues the tag; nil at the end
	at    int    // src before this offset has been read
	start int    // start of the current name or value
	half  []byte // name of an attribute whose value has not been read
	named int    // offset of this name
}

// names lists the elements of the language, the usual elements first.
var names = []string{
	"include", "vars", "when", "choose", "otherwise", "remove", "try", "attempt", "except", "comment", "text", "inline",
}

type attribute struct {
	name   []byte
	value  []byte
	named  int // offset of the name
	offset int // offset of the value
}

// attribute returns the first attribute of the name. The value is nil if there is none.
func (t *tag) attribute(name string) attribute {
	for _, a := range t.attributes {
		if string(a.name) == name {
			return a
		}
	}
	return attribute{}
}

// begin makes t the tag with <esi: or </esi: at offset.
func (t *tag) begin(src []byte, offset int) {
	*t = tag{offset: offset, attributes: t.attributes[:0], next: readName}
	t.at = offset + len("<esi:")
	if src[offset+1] == '/' {
		t.closing = true
		t.at++
	}
	t.start = t.at
}

// scan reads the tag as far as src goes, and reports whether the tag has ended. A
// malformed tag ends at the first wrong byte, because only this byte, and none before it,
// can begin a tag.
func (t *tag) scan(src []byte) bool {
	for t.next != nil && t.at < len(src) {
		t.next = t.next(t, src)
	}
	return t.next == nil
}

// step reads a part of a tag at t.at and returns the next step. It returns itself if the
// part may continue after the end of src.
type step func(t *tag, src []byte) step

func (t *tag) fail() step {
	t.end = t.at
	t.ok = false
	return nil
}

func (t *tag) finish() step {
	t.end = t.at + 1
	t.ok = t.name != ""
	return nil
}

func readName(t *tag, src []byte) step {
	t.at = skip(src, t.at, isXMLNameByte)
	if t.at == len(src) {
		return readName
	}
	t.name = elementName(src[t.start:t.at])
	return readGap
}

// readGap reads the white space before an attribute or before the end of the tag.
func readGap(t *tag, src []byte) step {
	t.at = skip(src, t.at, isSpace)
	if t.at == len(src) {
		return readGap
	}
	switch src[t.at] {
	case '>':
		return t.finish()
	case '/':
		t.at++
		return readSlash
	}
	t.start = t.at
	return readAttribute
}

// readSlash reads the bytes after a slash. The slash is
//
//   - a part of the end of the tag, if > follows,
//   - a part of an unquoted value, if such a value has begun,
//   - white space otherwise.
func readSlash(t *tag, src []byte) step {
	if t.half == nil {
		t.at = skip(src, t.at, isSpace)
	}
	switch {
	case t.at == len(src):
		return readSlash
	case src[t.at] == '>':
		t.keep(src[t.start : t.at-1])
		t.empty = true
		return t.finish()
	case t.half == nil:
		return readGap
	}
	return readBare
}

// readAttribute reads the name of an attribute.
func readAttribute(t *tag, src []byte) step {
	t.at = skip(src, t.at, isXMLNameByte)
	switch t.at {
	case len(src):
		return readAttribute
	case t.start:
		return t.fail()
	}
	t.half, t.named = src[t.start:t.at], t.start
	t.start = t.at
	return readEquals
}

// readEquals reads the bytes between a name and its value. A name without = has the empty
// value.
func readEquals(t *tag, src []byte) step {
	t.at = skip(src, t.at, isSpace)
	switch {
	case t.at == len(src):
		return readEquals
	case src[t.at] != '=':
		t.keep(src[t.start:t.start])
		return readGap
	}
	t.at++
	return readQuote
}

func readQuote(t *tag, src []byte) step {
	t.at = skip(src, t.at, isSpace)
	switch {
	case t.at == len(src):
		return readQuote
	case isQuote(src[t.at]):
		t.at++
		t.start = t.at
		return readValue
	}
	t.start = t.at
	return readBare
}

// readValue reads a value in quotes. In a test, a backslash before a quote makes the
// quote a part of the value.
func readValue(t *tag, src []byte) step {
	i := bytes.IndexByte(src[t.at:], src[t.start-1])
	if i < 0 {
		t.at = len(src)
		return readValue
	}
	end := t.at + i
	t.at = end + 1
	if src[end-1] == '\\' && string(t.half) == "test" {
		return readValue
	}
	t.keep(src[t.start:end])
	return readGap
}

// readBare reads a value without quotes. The value ends before white space, > or />.
func readBare(t *tag, src []byte) step {
	t.at = skip(src, t.at, isBareByte)
	if t.at == len(src) {
		return readBare
	}
	switch c := src[t.at]; {
	case c == '/':
		t.at++
		return readSlash
	case c != '>' && !isSpace(c):
		return t.fail()
	}
	t.keep(src[t.start:t.at])
	return readGap
}

// keep ends an attribute, if an attribute has begun.
func (t *tag) keep(value []byte) {
	if t.half != nil {
		t.attributes = append(t.attributes, attribute{t.half, value, t.named, t.start})
	}
	t.half = nil
}

// elementName returns a name as a string, without an allocation for a name of the
// language.
func elementName(name []byte) string {
	for _, known := range names {
		if string(name) == known {
			return known
		}
	}
	return string(name)
}

func skip(src []byte, at int, while func(byte) bool) int {
	for at < len(src) && while(src[at]) {
		at++
	}
	return at
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// isBareByte reports whether c can be a part of a value without quotes. The slash is
// excluded.
func isBareByte(c byte) bool {
	return c > ' ' && c != '/' && c != '>' && c != '<' && !isQuote(c)
}

// isXMLNameByte reports whether c can be a part of the name of an element or an attribute
// (XML 1.0 §2.3), in any charset with ASCII as a subset.
func isXMLNameByte(c byte) bool { return isNameByte(c) || c == '.' || c >= 0x80 }

// isNameByte reports whether c can be a part of a name of the language.
func isNameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == ':'
}
