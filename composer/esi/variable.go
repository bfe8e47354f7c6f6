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
		n := skip(within(text, at+1), 0, isKeyByte)
		end = at + 1 + n
		switch {
		case end == len(text):
			return v, 0, true
		case n == 0 || text[end] != '}':
			return v, 0, false
		}
		v.Key = string(text[at+1 : end])
		at = end + 1
	}
	if at < len(text) && text[at] == '|' {
		v.Default, at = scanDefault(text, at+1)
	}
	if at == len(text) || at < 0 || text[at] != ')' {
		return v, 0, at == len(text)
	}
	v.Name = string(name)
	return v, at + 1, false
}

// scanDefault reads a default at an offset and returns what follows it: the
// end of text if that may cut it off, and less than 0 if there is none.
func scanDefault(text []byte, at int) (string, int) {
	rest := within(text, at)
	if len(rest) == 0 || rest[0] != '\'' {
		n := skip(rest, 0, isDefaultByte)
		return string(rest[:n]), at + n
	}
	n := bytes.IndexByte(rest[1:], '\'')
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

func isVariableByte(c byte) bool {
	return 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_'
}

func isKeyByte(c byte) bool {
	return c > ' ' && bytes.IndexByte([]byte("{}()|$<>\"'"), c) < 0
}

func isDefaultByte(c byte) bool {
	return c > ' ' && bytes.IndexByte([]byte("()|$<>\"'"), c) < 0
}
