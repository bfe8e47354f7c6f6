package http1

import (
	"fmt"
	"net/http"
)

// Appender appends header fields to a request as they are sent, each with its
// line end. They need no header of their own for each request.
type Appender interface {
	AppendTo(b []byte) []byte
}

// appendRequest appends a request as it is sent (RFC 9112 §3). Whatever would
// end a line of it, or be read as something else than what it is here, is an
// error: request splitting would let who chooses a part of an address or of a
// field write a whole request, in the name of all who share the connection. What
// tells of a page comes from more, unless that is nil.
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
			continue // Host stands above; the others are about a body (request smuggling)
		}
		for _, value := range values {
			if !isValid(name, inName) || !isValid(value, inValue) {
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

// The parts of a request in which a byte may stand.
const (
	inName   byte = 1 << iota // of a field: a token (RFC 9110 §5.6.2)
	inValue                   // of a field (§5.5)
	inHost                    // RFC 3986 §3.2.2, and the port
	inTarget                  // what ends neither it nor its line
)

// byteClasses says for each byte where it may stand.
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
			table[c] |= inName | inHost
		}
	}
	for _, c := range "!#$%&'*+-.^_`|~" {
		table[c] |= inName
	}
	for _, c := range "!$&'()*+,;=-._~%:[]" {
		table[c] |= inHost
	}
	return table
}()

// isValid reports whether a text has only bytes that may stand in that part of
// a request, and has any unless it is a value.
func isValid(text string, part byte) bool {
	for i := range len(text) {
		if byteClasses[text[i]]&part == 0 {
			return false
		}
	}
	return text != "" || part == inValue
}
