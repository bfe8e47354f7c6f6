package composer

import (
	"net/http"
	"net/textproto"
	"slices"
	"strings"
)

// varyOf returns the names in a Vary field, each once, in order and in their
// canonical form. "*" is one of them.
func varyOf(h http.Header) []string {
	var names []string
	for _, line := range h["Vary"] {
		for name := range strings.SplitSeq(line, ",") {
			if name = strings.TrimSpace(name); name != "" {
				names = append(names, textproto.CanonicalMIMEHeaderKey(name))
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// variedBy returns what a request has in the fields that a response varies on,
// in their order.
func variedBy(request http.Header, vary []string) []string {
	if len(vary) == 0 {
		return nil
	}
	values := make([]string, len(vary))
	for i, name := range vary {
		values[i] = combined(request[name])
	}
	return values
}

// matches reports whether a request has the same values in these fields
// (RFC 9111 §4.1).
func matches(request http.Header, vary, values []string) bool {
	for i, name := range vary {
		if combined(request[name]) != values[i] {
			return false
		}
	}
	return true
}

// combined is a field's value as one line (RFC 9110 §5.3). A field that is not
// there matches no empty one (RFC 9111 §4.1), hence a value that none can have.
func combined(lines []string) string {
	switch len(lines) {
	case 0:
		return "\x00"
	case 1:
		return lines[0]
	}
	return strings.Join(lines, ", ")
}
