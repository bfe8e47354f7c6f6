package http1

import (
	"bytes"
	"errors"
)

// Errors of a headScanner.
var (
	errAmbiguousLength = errors.New("the length of the answer is ambiguous")
	errStatusLine      = errors.New("the answer has no status where one should be")
)

// maxLineStart is how much of each line a headScanner looks at, in bytes. The
// longest that it knows is "Transfer-Encoding:".
const maxLineStart = 24

// headScanner reads the header sections of responses beside the parser of
// net/http, as they come from the connection. That parser drops a
// Content-Length that stands beside a Transfer-Encoding, and a Transfer-Encoding
// by HTTP/1.0, without a word. A recipient that goes by the other field sees
// the response end elsewhere, and takes what follows for the response to the
// next request (response splitting, RFC 9112 §6.1, §6.3 and §11.1).
//
// The zero value scans nothing.
type headScanner struct {
	scanning      bool // a header section has not ended
	inFields      bool // the status line has been read
	informational bool // another header section follows (RFC 9110 §15.2)
	oldVersion    bool // the version is before HTTP/1.1, which has no Transfer-Encoding
	hasLength     bool
	hasCoding     bool
	doubt         error // why nothing that comes is believed any more

	size      int // of lineStart
	lineStart [maxLineStart]byte
}

// begin expects the header section of a response.
func (s *headScanner) begin() { *s = headScanner{scanning: true} }

// scan reads what has come from the connection. The error says that the header
// section must not be believed, and n how much of p the parser may have before the
// error: it is never the whole of a header section. The error is doubt from then
// on, which every further Read must return: a bufio.Reader forgets an error.
func (s *headScanner) scan(p []byte) (n int, err error) {
	for start := 0; s.scanning && start < len(p); {
		line, _, complete := bytes.Cut(p[start:], []byte("\n"))
		next := start + len(line) + 1
		if s.size > 0 || !complete {
			s.size += copy(s.lineStart[s.size:], line)
			line = s.lineStart[:s.size]
		}
		if !complete {
			break
		}
		s.size = 0
		if s.doubt = s.scanLine(line[:min(len(line), maxLineStart)]); s.doubt != nil {
			return start, s.doubt
		}
		start = next
	}
	return len(p), nil
}

// scanLine reads a line from its start. One that begins with a space continues
// the line before, and has no name.
func (s *headScanner) scanLine(line []byte) error {
	switch {
	case !s.inFields:
		return s.scanStatusLine(line)
	case len(line) == 0, string(line) == "\r":
		informational := s.informational
		if s.begin(); !informational {
			s.scanning = false
		}
		return nil
	case hasFieldName(line, "Content-Length:"):
		s.hasLength = true
	case hasFieldName(line, "Transfer-Encoding:"):
		s.hasCoding = true
	}
	if s.hasCoding && (s.hasLength || s.oldVersion) {
		return errAmbiguousLength
	}
	return nil
}

// scanStatusLine reads the version and the status. Like net/http it takes more
// than one space between them.
func (s *headScanner) scanStatusLine(line []byte) error {
	version, status, _ := bytes.Cut(line, []byte(" "))
	status = bytes.TrimLeft(status, " ")
	if len(line) == maxLineStart && len(status) < 3 {
		return errStatusLine
	}
	s.inFields = true
	s.oldVersion = string(version) < "HTTP/1.1"
	s.informational = len(status) >= 3 && status[0] == '1' && string(status[:3]) != "101"
	return nil
}

func hasFieldName(line []byte, name string) bool {
	return len(line) >= len(name) && bytes.EqualFold(line[:len(name)], []byte(name))
}
