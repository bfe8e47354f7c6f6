package http1

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// scanned is a connection that is read in pieces of a size.
type scanned struct {
	from io.Reader
	size int
	head headScanner
}

func (s *scanned) Read(p []byte) (int, error) {
	if s.head.err != nil {
		return 0, s.head.err
	}
	n, err := s.from.Read(p[:min(s.size, len(p))])
	if believed, doubt := s.head.scan(p[:n]); doubt != nil {
		return believed, doubt
	}
	return n, err
}

func TestHeaderSectionsThatMustNotBeBelieved(t *testing.T) {
	const length, coding, end = "Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n", "\r\n"
	const ok, old, hint, body = "HTTP/1.1 200 OK\r\n", "HTTP/1.0 200 OK\r\n", "HTTP/1.1 103 Early Hints\r\n", "3\r\nabc\r\n0\r\n\r\n"
	tests := []struct {
		name, response string
		want           error
	}{
		{"a length", ok + length + end + "abc", nil},
		{"two equal lengths, which net/http compares", ok + length + length + end + "abc", nil},
		{"a coding", ok + coding + end + body, nil},
		{"both (RFC 9112 §6.3)", ok + length + coding + end + body, errAmbiguousLength},
		{"both, the other way around", ok + coding + "A: b\r\n" + length + end + body, errAmbiguousLength},
		{"both, in other letters, without spaces", ok + "CONTENT-LENGTH:3\ntransfer-encoding:chunked\n\n" + body, errAmbiguousLength},
		{"both, with the values on the next line", ok + "Content-Length:\r\n 3\r\nTransfer-Encoding:\r\n\tchunked\r\n" + end + body, errAmbiguousLength},
		{"both in no response but the last", hint + "Link: </a>\r\n" + end + hint + end + ok + length + coding + end + body, errAmbiguousLength},
		{"both in an informational response", hint + length + coding + end + ok + length + end + "abc", errAmbiguousLength},
		{"one in each of two responses", hint + length + end + ok + coding + end + body, nil},
		{"a coding by HTTP/1.0 (§6.1)", old + coding + end + body, errAmbiguousLength},
		{"a length by HTTP/1.0", old + length + end + "abc", nil},
		{"a name that only begins so", ok + length + "Transfer-Encoding-X: chunked\r\nX-Transfer-Encoding: chunked\r\n" + end + "abc", nil},
		{"a value that is a name", ok + length + "A: Transfer-Encoding: chunked\r\n" + end + "abc", nil},
		{"a value that goes on like a name", ok + length + "A: b\r\n Transfer-Encoding: chunked\r\n" + end + "abc", nil},
		{"a body that is a header", ok + "Content-Length: 47\r\n" + end + length + coding + "\r\n", nil},
		{"a status after spaces", "HTTP/1.1    103 A\r\n" + end + ok + length + coding + end + body, errAmbiguousLength},
		{"a status after too many spaces", "HTTP/1.1" + strings.Repeat(" ", maxLineStart) + "103 A\r\n" + end + ok + length + end + "abc", errStatusLine},
	}
	for _, test := range tests {
		for _, size := range []int{1, 2, 7, 1 << 20} {
			s := &scanned{from: strings.NewReader(test.response), size: size}
			s.head.expectResponse()
			err := responseError(bufio.NewReader(s))
			// A section that is cut off within a line may have another error.
			if (err == nil) != (test.want == nil) || size > 100 && !errors.Is(err, test.want) {
				t.Errorf("%s, in pieces of %d: the response has the error %v; want %v", test.name, size, err, test.want)
			}
		}
	}
}

// responseError returns why a response cannot be read, after any that inform.
func responseError(from *bufio.Reader) error {
	for {
		res, err := http.ReadResponse(from, nil)
		if err != nil {
			return err
		}
		_, err = io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil || res.StatusCode >= 200 {
			return err
		}
	}
}
