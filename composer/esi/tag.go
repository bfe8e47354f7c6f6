package esi

import "bytes"

// tag is one esi: tag as it stands in the page.
type tag struct {
	name        string // without esi:
	offset, end int    // where it begins, and where what follows it begins
	closing     bool   // </esi:name>
	empty       bool   // <esi:name/>
	attributes  []attribute
}

type attribute struct {
	name   string
	value  []byte
	offset int // of the value
}

// attribute returns the first attribute of that name, and one whose value is
// nil if there is none.
func (t *tag) attribute(name string) attribute {
	for _, a := range t.attributes {
		if a.name == name {
			return a
		}
	}
	return attribute{}
}

// scanTag reads the tag that begins at offset with <esi: or </esi:. If the
// bytes are no well-formed tag, ok is false and t.end is where it saw that;
// nothing before t.end can begin another tag except the byte at t.end itself.
func scanTag(src []byte, offset int) (t tag, ok bool) {
	t.offset = offset
	at := offset + len("<esi:")
	if src[offset+1] == '/' {
		t.closing = true
		at++
	}
	start := at
	at = skip(src, at, isNameByte)
	t.name = string(src[start:at])
	for {
		gap := at
		at = skip(src, at, isSpace)
		if at == len(src) {
			t.end = at
			return t, false
		}
		switch {
		case src[at] == '>':
			t.end = at + 1
			return t, t.name != ""
		case src[at] == '/' && at+1 < len(src) && src[at+1] == '>':
			t.empty = true
			t.end = at + 2
			return t, t.name != ""
		case gap == at:
			t.end = at
			return t, false
		}
		var a attribute
		a, at, ok = scanAttribute(src, at)
		if !ok {
			t.end = at
			return t, false
		}
		t.attributes = append(t.attributes, a)
	}
}

// scanAttribute reads name="value" or name='value'. If there is none, the
// offset returned is where it saw that.
func scanAttribute(src []byte, at int) (attribute, int, bool) {
	start := at
	at = skip(src, at, isNameByte)
	name := string(src[start:at])
	at = skip(src, at, isSpace)
	if name == "" || at == len(src) || src[at] != '=' {
		return attribute{}, at, false
	}
	at = skip(src, at+1, isSpace)
	if at == len(src) || src[at] != '"' && src[at] != '\'' {
		return attribute{}, at, false
	}
	length := bytes.IndexByte(src[at+1:], src[at])
	if length < 0 {
		return attribute{}, len(src), false
	}
	value := src[at+1 : at+1+length]
	return attribute{name, value, at + 1}, at + length + 2, true
}

func skip(src []byte, at int, while func(byte) bool) int {
	for at < len(src) && while(src[at]) {
		at++
	}
	return at
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func isNameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == ':'
}
