package esi

import (
	"bytes"
	"strings"
)

// Variable is a name whose value is known only for a request of the page (ESI 1.0 §4). It
// is written $(NAME{key}|default).
type Variable struct {
	Name    string // such as QUERY_STRING
	Key     string // the selected part, such as page; empty for the whole value
	Default string // used without a value
}

// Or returns value, or the variable's default if value is empty.
func (v Variable) Or(value string) string {
	if value == "" {
		return v.Default
	}
	return value
}

// String returns the variable in ESI syntax.
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

// quote quotes text with a kind of quotes absent from the text.
func quote(text string) string {
	if strings.Contains(text, "'") {
		return `"` + text + `"`
	}
	return "'" + text + "'"
}

// maxOperand limits the name, the key and the default of a variable, in bytes with their
// quotes. The limit also bounds the time for an unclosed variable.
const maxOperand = 256

// findVariable returns the first variable of text with its offsets. Without a variable,
// start is
//
//   - the offset of an incomplete variable, if the text goes on and may complete it,
//   - the length of text otherwise.
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

// scanVariable parses the variable at the beginning of text, which starts with $(. The
// length is 0 if there is no variable. With cut, further text may complete the variable.
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

// scanOperand parses a key or a default, with or without quotes. It returns the offset
// after the operand. The offset is
//
//   - the length of text, if the operand may be incomplete,
//   - negative, if there is no operand.
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

// within returns the possible bytes of an operand at an offset.
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
