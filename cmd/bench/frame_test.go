package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestParseFrame(t *testing.T) {
	long := strings.Repeat("x", 70000)
	for _, test := range []struct {
		name    string
		in      string
		opcode  byte
		payload string
		size    int
		err     error
	}{
		{"nothing", "", 0, "", 0, nil},
		{"half a header", "\x81", 0, "", 0, nil},
		{"short text", "\x81\x02hiREST", opText, "hi", 4, nil},
		{"text that is not all there", "\x81\x03hi", 0, "", 0, nil},
		{"empty ping", "\x89\x00", opPing, "", 2, nil},
		{"close with a code", "\x88\x02\x03\xf4", opClose, "\x03\xf4", 4, nil},
		{"length of 16 bits", "\x81\x7e\x00\x80" + long[:128] + "REST", opText, long[:128], 132, nil},
		{"length of 16 bits cut off", "\x81\x7e\x00", 0, "", 0, nil},
		{"length of 64 bits", "\x81\x7f\x00\x00\x00\x00\x00\x01\x11\x70" + long, opText, long, 70010, nil},
		{"length of 64 bits cut off", "\x81\x7f\x00\x00\x00\x00\x00\x01\x11", 0, "", 0, nil},
		{"masked", "\x81\x82\x00\x00\x00\x00hi", 0, "", 0, errFrame},
		{"first part of a message", "\x01\x02hi", 0, "", 0, errFrame},
		{"compressed", "\xc1\x02hi", 0, "", 0, errFrame},
		{"length beyond all measure", "\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff", 0, "", 0, errFrame},
	} {
		t.Run(test.name, func(t *testing.T) {
			f, n, err := parseFrame([]byte(test.in))
			if f.opcode != test.opcode || string(f.payload) != test.payload || n != test.size || !errors.Is(err, test.err) {
				t.Errorf("parseFrame(%.20q) = %d %.20q, %d, %v; want %d %.20q, %d, %v",
					test.in, f.opcode, f.payload, n, err, test.opcode, test.payload, test.size, test.err)
			}
		})
	}
}

func TestTextFrameIsParsed(t *testing.T) {
	for _, size := range []int{0, 1, 125, 126, 500, 65535} {
		payload := bytes.Repeat([]byte("x"), size)
		b := textFrame(payload)
		f, n, err := parseFrame(b)
		if f.opcode != opText || !bytes.Equal(f.payload, payload) || n != len(b) || err != nil {
			t.Errorf("parseFrame(textFrame(%d bytes)) = %d, %d bytes, %d, %v; want %d, %d bytes, %d, nil",
				size, f.opcode, len(f.payload), n, err, opText, size, len(b))
		}
	}
}

func TestPongIsMasked(t *testing.T) {
	if got, want := string(appendMasked(nil, opPong, []byte("hi"))), "\x8a\x82\x00\x00\x00\x00hi"; got != want {
		t.Errorf("appendMasked(%q) = %q; want %q", "hi", got, want)
	}
}

// FuzzParseFrame checks that a frame comes out the same however its bytes
// come in.
func FuzzParseFrame(f *testing.F) {
	f.Add([]byte("\x81\x02hi\x89\x00"))
	f.Add([]byte("\x81\x7e\x00\x80xx"))
	f.Add([]byte("\x81\x7f\x00\x00\x00\x00\x00\x00\x00\x01x"))
	f.Add([]byte("\x81\x7f\x80\x00\x00\x00\x00\x00\x00\x01x"))
	f.Fuzz(func(t *testing.T, b []byte) {
		whole, n, err := parseFrame(b)
		if n < 0 || n > len(b) || err != nil && n != 0 {
			t.Fatalf("parseFrame(%q) = %d bytes, %v", b, n, err)
		}
		if n == 0 {
			return
		}
		for i := range n {
			if _, m, err := parseFrame(b[:i]); m != 0 || err != nil {
				t.Fatalf("parseFrame(%q) = %d bytes, %v; want 0, nil", b[:i], m, err)
			}
		}
		if again, m, err := parseFrame(b[:n]); m != n || err != nil || !bytes.Equal(again.payload, whole.payload) {
			t.Fatalf("parseFrame(%q) = %q, %d, %v; want %q, %d, nil", b[:n], again.payload, m, err, whole.payload, n)
		}
	})
}
