package esi

import (
	"bytes"
	"strings"
)

// Variable is a name that stands for something that is known only when a
// page is asked for (ESI 1.0 §4), written $(NAME{key}|default).
type Variable struct {
	Name    string // such as QUERY_STRING
	Key     string // the part that is meant, such as page; empty: the whole
	Default string // what it stands for if it has no value
}

// Or returns value, or else the variable's default.
func (v Variable) Or(value string) string {
	if value == "" {
		return v.Default
	}
	return value
}

// String returns the variable as it can be written.
func (v Variable) String() string {
	s := "$(" + v.Name
	if v.Key != "" {
		key := v.Key
		if skip([]byte(key), 0, isKeyByte) < len(key) {
			key = quote(key)
		}
		s += "{" + key + "}"
	}
	if v.Default != "" {
		s += "|" + quote(v.Default)
	}
	return s + ")"
}

// quote puts text into quotes that do not stand in it.
func quote(text string) string {
	if strings.Contains(text, "'") {
		return `"` + text + `"`
	}
	return "'" + text + "'"
}

// maxOperand bounds the name, the key and the default of a variable, in bytes,
// and with them the time that is spent on one that is never closed.
const maxOperand = 256

// findVariable returns the first variable of text, and where it begins and
// ends. If there is none, start is the length of text or, if the text goes
// on, where a variable may begin that ends later.
func findVariable(text []byte, goesOn bool) (v *Variable, start, end int) {
	for from := 0; ; {
		i := bytes.Index(text[from:], []byte("$("))
		if i < 0 {
			break
		}
		start = from + i
		scanned, n, cut := scanVariable(text[start:])
		switch {
		case n > 0:
			found := scanned
			return &found, start, start + n
		case cut && goesOn:
			return nil, start, 0
		}
		from = skip(text, start+len("$("), isVariableByte)
	}
	if goesOn && bytes.HasSuffix(text, []byte("$")) {
		return nil, len(text) - 1, 0
	}
	return nil, len(text), 0
}

// scanVariable reads the variable that text, which begins with $(, begins with
// and returns its length, 0 if it is none. With more text behind it may be one
// if cut is true.
func scanVariable(text []byte) (v Variable, length int, cut bool) {
	at := len("$(")
	end := at + skip(within(text, at), 0, isVariableByte)
	if end == at {
		return v, 0, at == len(text)
	}
	name := text[at:end]
	at = end
	if at < len(text) && text[at] == '{' {
		v.Key, at = scanOperand(text, at+1, isKeyByte)
		switch {
		case at == len(text):
			return v, 0, true
		case at < 0 || v.Key == "" || text[at] != '}':
			return v, 0, false
		}
		at++
	}
	if at < len(text) && text[at] == '|' {
		v.Default, at = scanOperand(text, at+1, isDefaultByte)
	}
	if at == len(text) || at < 0 || text[at] != ')' {
		return v, 0, at == len(text)
	}
	v.Name = string(name)
	return v, at + 1, false
}

// scanOperand reads a key or a default, in quotes or of bytes that need none.
// It returns what follows: the end of text if that may cut it off, and less
// than 0 if there is none.
func scanOperand(text []byte, at int, bare func(byte) bool) (string, int) {
	rest := within(text, at)
	if len(rest) == 0 || !isQuote(rest[0]) {
		n := skip(rest, 0, bare)
		return string(rest[:n]), at + n
	}
	n := bytes.IndexByte(rest[1:], rest[0])
	switch {
	case n >= 0:
		return string(rest[1 : 1+n]), at + n + 2
	case len(rest) < maxOperand:
		return "", len(text)
	}
	return "", -1
}

// within returns what an operand that begins at an offset can be.
func within(text []byte, at int) []byte {
	return text[at:min(len(text), at+maxOperand)]
}

func isQuote(c byte) bool { return c == '\'' || c == '"' }

func isVariableByte(c byte) bool {
	return 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_'
}

func isKeyByte(c byte) bool {
	return c > ' ' && bytes.IndexByte([]byte("{}()|$<>\"'"), c) < 0
}

func isDefaultByte(c byte) bool {
	return c > ' ' && bytes.IndexByte([]byte("()|$<>\"'"), c) < 0
}
