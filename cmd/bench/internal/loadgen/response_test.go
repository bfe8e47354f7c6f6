package loadgen

import (
	"bytes"
	"strings"
	"testing"
)

func TestAResponseIsReadToItsEnd(t *testing.T) {
	for _, test := range []struct {
		name, bytes  string
		status, size int
	}{
		{"with a length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, 5},
		{"with a length in small letters, and bare line ends", "HTTP/1.1 200 OK\ncontent-length:5\n\nhello", 200, 5},
		{"with no body", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", 404, 0},
		{"with no reason", "HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx", 200, 1},
		{"in chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1A;x=y\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n", 200, 31},
		{"in chunks, with a trailer", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nServer-Timing: a\r\n\r\n", 200, 1},
		{"after hints", "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", 200, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			for size := 1; size <= len(test.bytes); size++ {
				a, rest := parseInPieces(t, test.bytes, size)
				if a.stage != complete || a.status != test.status || a.bodySize != test.size || len(rest) > 0 {
					t.Fatalf("parse(%q) by %d = status %d, %d bytes, stage %d, rest %q; want %d, %d, complete",
						test.bytes, size, a.status, a.bodySize, a.stage, rest, test.status, test.size)
				}
			}
		})
	}
}

// readIn reads an response in pieces of a size.
func parseInPieces(t *testing.T, all string, size int) (a response, rest []byte) {
	t.Helper()
	for b := []byte(all); len(b) > 0; b = b[min(size, len(b)):] {
		left, err := a.parse(bytes.Clone(b[:min(size, len(b))]))
		if err != nil {
			t.Fatalf("parse(%q) by %d: %v", all, size, err)
		}
		rest = append(rest, left...)
	}
	return a, rest
}

func TestBytesBehindAResponseAreReturned(t *testing.T) {
	var a response
	rest, err := a.parse([]byte("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP"))
	if err != nil || string(rest) != "HTTP" {
		t.Errorf("parse = %q, %v; want %q", rest, err, "HTTP")
	}
}

func TestAnotherMessageIsAnError(t *testing.T) {
	for _, test := range []struct{ name, bytes string }{
		{"another protocol", "SSH-2.0-x\r\n"},
		{"an old version", "HTTP/1.0 200 OK\r\n"},
		{"a status that is no number", "HTTP/1.1 abc\r\n"},
		{"a field without a name", "HTTP/1.1 200 OK\r\nnothing\r\n"},
		{"a body until the end of the connection", "HTTP/1.1 200 OK\r\n\r\n"},
		{"a length below zero", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n"},
		{"a length beyond all", "HTTP/1.1 200 OK\r\nContent-Length: 1099511627776\r\n"},
		{"a coding that is not asked for", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n"},
		{"a chunk without a size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n"},
		{"a chunk that is longer than it says", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n"},
		{"a line without an end", strings.Repeat("x", maxLine+1)},
	} {
		t.Run(test.name, func(t *testing.T) {
			var a response
			if _, err := a.parse([]byte(test.bytes)); err == nil {
				t.Errorf("parse(%.60q) gave no error", test.bytes)
			}
		})
	}
}

func TestOnlyAWholePageIsASuccess(t *testing.T) {
	for _, test := range []struct {
		name string
		response
		ok bool
	}{
		{"the page", response{status: 200, bodySize: 10}, true},
		{"a shorter one", response{status: 200, bodySize: 9}, false},
		{"an error of the same size", response{status: 502, bodySize: 10}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if err := test.verify(10); (err == nil) != test.ok {
				t.Errorf("verify(10) of status %d with %d bytes = %v", test.status, test.bodySize, err)
			}
		})
	}
}

// FuzzResponse checks that a response in two pieces is parsed as in a single
// piece.
func FuzzResponse(f *testing.F) {
	f.Add([]byte("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"), 20)
	f.Add([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"), 50)
	f.Fuzz(func(t *testing.T, b []byte, at int) {
		var whole, pieces response
		rest, err := whole.parse(bytes.Clone(b))
		at = min(max(at, 0), len(b))
		left, first := pieces.parse(bytes.Clone(b[:at]))
		if first == nil {
			var more []byte
			more, first = pieces.parse(bytes.Clone(b[at:]))
			left = append(bytes.Clone(left), more...)
		}
		if (err == nil) != (first == nil) {
			t.Fatalf("parse(%q) = %v; in pieces %v", b, err, first)
		}
		if err == nil && (whole.stage != pieces.stage || whole.status != pieces.status || whole.bodySize != pieces.bodySize || !bytes.Equal(rest, left)) {
			t.Errorf("parse(%q) = %+v, %q; in pieces %+v, %q", b, whole, rest, pieces, left)
		}
	})
}
