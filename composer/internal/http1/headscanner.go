package http1

import (
	"bytes"
	"errors"
)

// headScanner reads the header sections of responses beside the parser of net/http, as
// they arrive. The parser silently drops a Content-Length beside a Transfer-Encoding,
// and a Transfer-Encoding by HTTP/1.0. A recipient that obeys the dropped field sees
// another end of the response, and reads the bytes after it as the response to the
// next request (response splitting, RFC 9112 §6.1, §6.3 and §11.1).
//
// The zero value scans nothing.
type headScanner struct {
	scanning      bool // inside a header section
	inFields      bool // the status line has been read
	informational bool // another header section follows (RFC 9110 §15.2)
	oldVersion    bool // before HTTP/1.1, and so without Transfer-Encoding
	hasLength     bool
	hasCoding     bool
	err           error // the reason to reject all further bytes

	size      int // length of lineStart
	lineStart [maxLineStart]byte
}

// maxLineStart is the part of each line that a headScanner reads, in bytes. The
// longest name that it compares is "Transfer-Encoding:".
const maxLineStart = 24

// Errors of a headScanner.
var (
	errAmbiguousLength = errors.New("the length of the answer is ambiguous")
	errStatusLine      = errors.New("the answer has no status where one should be")
)

// expectResponse makes the scanner expect the header section of a response.
func (s *headScanner) expectResponse() { *s = headScanner{scanning: true} }

// scan reads bytes from the connection. On an error the header section must be
// rejected, and the parser may have the first n bytes of p, which are never the whole
// header section. The error stays in err, and every further Read must return it,
// because a bufio.Reader forgets an error.
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
		if s.err = s.scanLine(line[:min(len(line), maxLineStart)]); s.err != nil {
			return start, s.err
		}
		start = next
	}
	return len(p), nil
}

// scanLine reads the start of a line. A line that begins with a space continues the
// line before, and has no name.
func (s *headScanner) scanLine(line []byte) error {
	switch {
	case !s.inFields:
		return s.scanStatusLine(line)
	case len(line) == 0, string(line) == "\r":
		informational := s.informational
		if s.expectResponse(); !informational {
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

// scanStatusLine reads the version and the status. Like net/http it allows several
// spaces between them.
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
