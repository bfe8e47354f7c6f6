package loadgen

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// A response is parsed as it arrives (RFC 9112). Fields are skipped, except for
// the framing of the body, and the bytes of the body are counted. The zero value
// has not begun.
type response struct {
	status   int
	bodySize int // so far, in bytes

	stage     stage
	line      []byte // start of a line that is incomplete
	remaining int    // bytes of the body or of a chunk; in the header: Content-Length
	hasLength bool   // the header has a Content-Length
	chunked   bool
}

// A stage is the element of a response that comes next.
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

// The limits of a response, in bytes.
const (
	maxLine = 16 << 10
	maxBody = 1 << 30
)

var errResponse = errors.New("the answer is not one of HTTP/1.1 on a connection that stays")

// parse takes the next bytes of the response, and returns the bytes behind the
// end of the response.
func (r *response) parse(b []byte) ([]byte, error) {
	for len(b) > 0 && r.stage != complete {
		switch r.stage {
		case wholeBody, chunkData:
			b = r.countBody(b)
		default:
			var err error
			if b, err = r.readLine(b); err != nil {
				return b, err
			}
		}
	}
	return b, nil
}

// countBody counts bytes of the body or of a chunk, and returns the rest.
func (r *response) countBody(b []byte) []byte {
	n := min(r.remaining, len(b))
	r.bodySize += n
	r.remaining -= n
	switch {
	case r.remaining > 0:
	case r.stage == wholeBody:
		r.stage = complete
	default:
		r.stage = chunkEnd
	}
	return b[n:]
}

// readLine parses a line, or keeps the start of one that is incomplete.
func (r *response) readLine(b []byte) ([]byte, error) {
	end := bytes.IndexByte(b, '\n')
	part := b[:end+1]
	if end < 0 {
		part = b
	}
	if len(r.line)+len(part) > maxLine {
		return b, errResponse
	}
	b = b[len(part):]
	if end < 0 {
		r.line = append(r.line, part...)
		return b, nil
	}
	if len(r.line) > 0 {
		part = append(r.line, part...)
		r.line = part[:0]
	}
	return b, r.parseLine(bytes.TrimSuffix(part[:len(part)-1], []byte("\r")))
}

// parseLine parses a complete line, without its end.
func (r *response) parseLine(line []byte) error {
	switch r.stage {
	case statusLine:
		return r.parseStatus(line)
	case fieldLine:
		if len(line) == 0 {
			return r.endHeader()
		}
		return r.parseField(line)
	case chunkSize:
		return r.parseChunkSize(line)
	case chunkEnd:
		if len(line) > 0 {
			return errResponse
		}
		r.stage = chunkSize
	case trailerLine:
		if len(line) == 0 {
			r.stage = complete
		}
	}
	return nil
}

func (r *response) parseStatus(line []byte) error {
	rest, ok := bytes.CutPrefix(line, []byte("HTTP/1.1 "))
	if !ok || len(rest) < 3 {
		return errResponse
	}
	status, err := strconv.Atoi(string(rest[:3]))
	if err != nil || status < 100 {
		return errResponse
	}
	r.status, r.stage = status, fieldLine
	return nil
}

var (
	contentLength    = []byte("content-length")
	transferEncoding = []byte("transfer-encoding")
	chunkedCoding    = []byte("chunked")
)

func (r *response) parseField(line []byte) error {
	name, value, ok := bytes.Cut(line, []byte(":"))
	if !ok {
		return errResponse
	}
	switch {
	case len(name) == len(contentLength) && bytes.EqualFold(name, contentLength):
		n, err := strconv.ParseUint(string(bytes.TrimSpace(value)), 10, 31)
		if err != nil || n > maxBody {
			return errResponse
		}
		r.remaining, r.hasLength = int(n), true
	case len(name) == len(transferEncoding) && bytes.EqualFold(name, transferEncoding):
		if !bytes.EqualFold(bytes.TrimSpace(value), chunkedCoding) {
			return errResponse
		}
		r.chunked = true
	}
	return nil
}

// endHeader decides how the body is framed (RFC 9112 §6.3). An informational
// response (1xx) is followed by another one.
func (r *response) endHeader() error {
	switch {
	case r.status < 200:
		*r = response{line: r.line}
	case r.chunked:
		r.stage = chunkSize
	case !r.hasLength:
		return errResponse
	case r.remaining == 0:
		r.stage = complete
	default:
		r.stage = wholeBody
	}
	return nil
}

// parseChunkSize parses the line before a chunk (RFC 9112 §7.1).
func (r *response) parseChunkSize(line []byte) error {
	digits, _, _ := bytes.Cut(line, []byte(";"))
	n, err := strconv.ParseUint(string(bytes.TrimSpace(digits)), 16, 31)
	if err != nil || int(n) > maxBody-r.bodySize {
		return errResponse
	}
	r.remaining, r.stage = int(n), chunkData
	if n == 0 {
		r.stage = trailerLine
	}
	return nil
}

// verify returns an error unless the complete response is a success with a body
// of a size.
func (r *response) verify(bodySize int) error {
	if r.status != 200 || r.bodySize != bodySize {
		return fmt.Errorf("status %d with %d bytes and not 200 with %d", r.status, r.bodySize, bodySize)
	}
	return nil
}
