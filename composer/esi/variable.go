package esi

import "bytes"

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
		s += "{" + v.Key + "}"
	}
	if v.Default != "" {
		s += "|'" + v.Default + "'"
	}
	return s + ")"
}

// maxOperand bounds the key and the default of a variable, in bytes, and with
// them the time that is spent on one that is never closed.
const maxOperand = 256

// findVariable returns the first variable of text, and where it begins and
// ends.
func findVariable(text []byte) (v Variable, start, end int, ok bool) {
	for from := 0; ; {
		i := bytes.Index(text[from:], []byte("$("))
		if i < 0 {
			return Variable{}, 0, 0, false
		}
		start = from + i
		if v, n := scanVariable(text[start:]); n > 0 {
			return v, start, start + n, true
		}
		from = start + len("$(")
		from = skip(text, from, isVariableByte)
	}
}

// scanVariable reads the variable that text begins with and returns its
// length, 0 if it is none.
func scanVariable(text []byte) (v Variable, length int) {
	at := len("$(")
	end := skip(text, at, isVariableByte)
	if end == at {
		return v, 0
	}
	v.Name = string(text[at:end])
	at = end
	if at < len(text) && text[at] == '{' {
		n := skip(within(text, at+1), 0, isKeyByte)
		end = at + 1 + n
		if n == 0 || end == len(text) || text[end] != '}' {
			return v, 0
		}
		v.Key = string(text[at+1 : end])
		at = end + 1
	}
	if at < len(text) && text[at] == '|' {
		v.Default, at = scanDefault(text, at+1)
	}
	if at < 0 || at >= len(text) || text[at] != ')' {
		return v, 0
	}
	return v, at + 1
}

// scanDefault reads a default at an offset and returns what follows it, or
// less than 0 if there is none.
func scanDefault(text []byte, at int) (string, int) {
	rest := within(text, at)
	if len(rest) > 0 && rest[0] == '\'' {
		n := bytes.IndexByte(rest[1:], '\'')
		if n < 0 {
			return "", -1
		}
		return string(rest[1 : 1+n]), at + n + 2
	}
	n := skip(rest, 0, isDefaultByte)
	return string(rest[:n]), at + n
}

// within returns what a key or a default that begins at an offset can be.
func within(text []byte, at int) []byte {
	return text[at:min(len(text), at+maxOperand)]
}

func isVariableByte(c byte) bool {
	return 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_'
}

func isKeyByte(c byte) bool {
	return c > ' ' && bytes.IndexByte([]byte("{}()|$<>\"'"), c) < 0
}

func isDefaultByte(c byte) bool {
	return c > ' ' && bytes.IndexByte([]byte("()|$<>\"'"), c) < 0
}
