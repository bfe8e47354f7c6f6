package main

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// An answer is read from a connection as it comes, by the rules of RFC 9112:
// as much of them as a client needs that counts the bytes of bodies. The zero
// value is one of which nothing has come.
type answer struct {
	status int
	size   int // of the body so far, in bytes

	stage stage
	line  []byte // what has come of a line
	left  int    // of the body or of its chunk, in bytes; of the head: what it says
	long  bool   // the head has a Content-Length
	parts bool   // the body is in chunks
}

// stage is what of an answer comes next.
type stage uint8

const (
	statusLine stage = iota
	fieldLine
	wholeBody
	chunkSize
	chunkData
	chunkEnd
	trailerLine
	complete
)

// The limits of what an answer may be, in bytes.
const (
	maxLine = 16 << 10
	maxBody = 1 << 30
)

var errAnswer = errors.New("the answer is not one of HTTP/1.1 on a connection that stays")

// read takes what has come. It returns what is left of it, which is nothing
// unless the answer is complete.
func (a *answer) read(b []byte) ([]byte, error) {
	for len(b) > 0 && a.stage != complete {
		switch a.stage {
		case wholeBody, chunkData:
			b = a.readBody(b)
		default:
			var err error
			if b, err = a.readLine(b); err != nil {
				return b, err
			}
		}
	}
	return b, nil
}

func (a *answer) readBody(b []byte) []byte {
	n := min(a.left, len(b))
	a.size += n
	a.left -= n
	switch {
	case a.left > 0:
	case a.stage == wholeBody:
		a.stage = complete
	default:
		a.stage = chunkEnd
	}
	return b[n:]
}

// readLine takes a line, or what has come of it.
func (a *answer) readLine(b []byte) ([]byte, error) {
	end := bytes.IndexByte(b, '\n')
	part := b[:end+1]
	if end < 0 {
		part = b
	}
	if len(a.line)+len(part) > maxLine {
		return b, errAnswer
	}
	b = b[len(part):]
	if end < 0 {
		a.line = append(a.line, part...)
		return b, nil
	}
	if len(a.line) > 0 {
		part = append(a.line, part...)
		a.line = part[:0]
	}
	return b, a.take(bytes.TrimSuffix(part[:len(part)-1], []byte("\r")))
}

// take takes a whole line.
func (a *answer) take(line []byte) error {
	switch a.stage {
	case statusLine:
		return a.takeStatus(line)
	case fieldLine:
		if len(line) == 0 {
			return a.endHead()
		}
		return a.takeField(line)
	case chunkSize:
		return a.takeChunkSize(line)
	case chunkEnd:
		if len(line) > 0 {
			return errAnswer
		}
		a.stage = chunkSize
	case trailerLine:
		if len(line) == 0 {
			a.stage = complete
		}
	}
	return nil
}

func (a *answer) takeStatus(line []byte) error {
	rest, ok := bytes.CutPrefix(line, []byte("HTTP/1.1 "))
	if !ok || len(rest) < 3 {
		return errAnswer
	}
	status, err := strconv.Atoi(string(rest[:3]))
	if err != nil || status < 100 {
		return errAnswer
	}
	a.status, a.stage = status, fieldLine
	return nil
}

var (
	contentLength    = []byte("content-length")
	transferEncoding = []byte("transfer-encoding")
	inChunks         = []byte("chunked")
)

func (a *answer) takeField(line []byte) error {
	name, value, ok := bytes.Cut(line, []byte(":"))
	if !ok {
		return errAnswer
	}
	switch {
	case len(name) == len(contentLength) && bytes.EqualFold(name, contentLength):
		n, err := strconv.ParseUint(string(bytes.TrimSpace(value)), 10, 31)
		if err != nil || n > maxBody {
			return errAnswer
		}
		a.left, a.long = int(n), true
	case len(name) == len(transferEncoding) && bytes.EqualFold(name, transferEncoding):
		if !bytes.EqualFold(bytes.TrimSpace(value), inChunks) {
			return errAnswer
		}
		a.parts = true
	}
	return nil
}

// endHead decides what comes after the head (RFC 9112 §6.3). After one that
// informs (1xx), that is another.
func (a *answer) endHead() error {
	switch {
	case a.status < 200:
		*a = answer{line: a.line}
	case a.parts:
		a.stage = chunkSize
	case !a.long:
		return errAnswer
	case a.left == 0:
		a.stage = complete
	default:
		a.stage = wholeBody
	}
	return nil
}

// takeChunkSize reads the line before a chunk (RFC 9112 §7.1).
func (a *answer) takeChunkSize(line []byte) error {
	digits, _, _ := bytes.Cut(line, []byte(";"))
	n, err := strconv.ParseUint(string(bytes.TrimSpace(digits)), 16, 31)
	if err != nil || int(n) > maxBody-a.size {
		return errAnswer
	}
	a.left, a.stage = int(n), chunkData
	if n == 0 {
		a.stage = trailerLine
	}
	return nil
}

// check returns what is wrong with a complete answer, unless it is a success
// with a body of a size.
func (a *answer) check(size int) error {
	if a.status != 200 || a.size != size {
		return fmt.Errorf("status %d with %d bytes and not 200 with %d", a.status, a.size, size)
	}
	return nil
}
