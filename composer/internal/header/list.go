package header

import (
	"iter"
	"net/http"
	"strings"
)

// ListElements yields the elements of a list field (RFC 9110 §5.6.1), except empty
// elements.
func ListElements(lines []string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, line := range lines {
			for len(line) > 0 {
				var element string
				element, line = CutElement(line, ',')
				if element = strings.TrimSpace(element); element != "" && !yield(element) {
					return
				}
			}
		}
	}
}

// HasListElement reports whether a list field has an element, in any case.
func HasListElement(lines []string, element string) bool {
	for value := range ListElements(lines) {
		if strings.EqualFold(value, element) {
			return true
		}
	}
	return false
}

// CutElement cuts a list at its first separator outside a quoted string (RFC 9110
// §5.6.4). A string without a closing quote reaches to the end of the list.
func CutElement(list string, separator byte) (element, rest string) {
	quoted := false
	for i := 0; i < len(list); i++ {
		switch c := list[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == separator && !quoted:
			return list[:i], list[i+1:]
		}
	}
	return list, ""
}

// skipEmpty removes empty elements from the start of a list (RFC 9110 §5.6.1.2). It is
// strings.TrimLeft without the table of bytes, which each call would build.
func skipEmpty(list string) string {
	for list != "" && (list[0] == ',' || list[0] == ' ' || list[0] == '\t') {
		list = list[1:]
	}
	return list
}

// Unquote returns the content of a quoted string, with its escapes removed. It returns
// any text without quotes unchanged.
func Unquote(s string) string {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return s
	}
	s = s[1 : len(s)-1]
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// IsToken reports whether s is a token (RFC 9110 §5.6.2), as the names of fields are.
func IsToken(s string) bool {
	for i := range len(s) {
		if !tokenBytes[s[i]] {
			return false
		}
	}
	return s != ""
}

// tokenBytes has the bytes of a token.
var tokenBytes = func() (table [256]bool) {
	for _, c := range []byte("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		table[c] = true
	}
	return table
}()

// First returns the first value of a field, or "" without the field. The name must be
// in canonical form, which http.Header.Get would ensure in each call.
func First(h http.Header, name string) string {
	if values := h[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

func totalLength(lines []string) (n int) {
	for _, line := range lines {
		n += len(line)
	}
	return n
}
