package http1

import (
	"fmt"
	"net/http"

	"selvedge/composer/internal/header"
)

// Appender appends header fields to the text of a request, each with its line end. It
// saves a header map for each request.
type Appender interface {
	AppendTo(b []byte) []byte
}

// appendRequest appends the text of a request (RFC 9112 §3), with the fields of more
// unless more is nil. It returns an error for a byte that would end a line or change
// the meaning of a part. Otherwise an attacker who controls a part of an address or of
// a field could write a whole request in the name of all users of the connection
// (request splitting).
func appendRequest(b []byte, r *http.Request, more Appender) ([]byte, error) {
	if r.Method != http.MethodGet || r.Body != nil && r.Body != http.NoBody {
		return b, errNoGet
	}
	if r.URL.Scheme != "http" && r.URL.Scheme != "https" || r.URL.Host == "" {
		return b, fmt.Errorf("%q is not asked by http", r.URL.Redacted())
	}
	target, host := r.URL.RequestURI(), r.Host
	if host == "" {
		host = r.URL.Host
	}
	if !isValid(target, inTarget) || !isValid(host, inHost) || !isValid(r.URL.Host, inHost) {
		return b, fmt.Errorf("the target %q of %q cannot stand in a request", target, host)
	}
	b = append(append(b, "GET "...), target...)
	b = append(append(b, " HTTP/1.1\r\nHost: "...), host...)
	b = append(b, "\r\n"...)
	for name, values := range r.Header {
		switch name {
		case "Host", "Content-Length", "Transfer-Encoding", "Trailer":
			continue // Host is set above; the others describe a body (request smuggling)
		}
		for _, value := range values {
			if !header.IsToken(name) || !isValid(value, inValue) {
				return b, fmt.Errorf("the field %q cannot stand in a request", name)
			}
			b = append(append(b, name...), ": "...)
			b = append(append(b, value...), "\r\n"...)
		}
	}
	if more != nil {
		b = more.AppendTo(b)
	}
	return append(b, "\r\n"...), nil
}

// Parts of a request, as bits for byteClasses.
const (
	inValue  byte = 1 << iota // field value (RFC 9110 §5.5)
	inHost                    // host and port (RFC 3986 §3.2.2)
	inTarget                  // request target: no space and no control character
)

// byteClasses has for each byte the parts in which the byte is valid.
var byteClasses = func() (table [256]byte) {
	for c := range table {
		if c >= ' ' && c != 0x7f || c == '\t' {
			table[c] |= inValue
		}
		if c > ' ' && c != 0x7f {
			table[c] |= inTarget
		}
	}
	for c := '0'; c <= 'z'; c++ {
		if c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' {
			table[c] |= inHost
		}
	}
	for _, c := range "!$&'()*+,;=-._~%:[]" {
		table[c] |= inHost
	}
	return table
}()

// isValid reports whether text has only bytes that are valid in a part. Only a value
// may be empty.
func isValid(text string, part byte) bool {
	for i := range len(text) {
		if byteClasses[text[i]]&part == 0 {
			return false
		}
	}
	return text != "" || part == inValue
}
