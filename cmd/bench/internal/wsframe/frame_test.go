package wsframe

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
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
		{"short text", "\x81\x02hiREST", OpText, "hi", 4, nil},
		{"text that is not all there", "\x81\x03hi", 0, "", 0, nil},
		{"empty ping", "\x89\x00", OpPing, "", 2, nil},
		{"close with a code", "\x88\x02\x03\xf4", OpClose, "\x03\xf4", 4, nil},
		{"length of 16 bits", "\x81\x7e\x00\x80" + long[:128] + "REST", OpText, long[:128], 132, nil},
		{"length of 16 bits cut off", "\x81\x7e\x00", 0, "", 0, nil},
		{"length of 64 bits", "\x81\x7f\x00\x00\x00\x00\x00\x01\x11\x70" + long, OpText, long, 70010, nil},
		{"length of 64 bits cut off", "\x81\x7f\x00\x00\x00\x00\x00\x01\x11", 0, "", 0, nil},
		{"masked", "\x81\x82\x00\x00\x00\x00hi", 0, "", 0, errFrame},
		{"first part of a message", "\x01\x02hi", 0, "", 0, errFrame},
		{"compressed", "\xc1\x02hi", 0, "", 0, errFrame},
		{"length beyond all measure", "\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff", 0, "", 0, errFrame},
	} {
		t.Run(test.name, func(t *testing.T) {
			f, n, err := Parse([]byte(test.in))
			if f.Opcode != test.opcode || string(f.Payload) != test.payload || n != test.size || !errors.Is(err, test.err) {
				t.Errorf("Parse(%.20q) = %d %.20q, %d, %v; want %d %.20q, %d, %v",
					test.in, f.Opcode, f.Payload, n, err, test.opcode, test.payload, test.size, test.err)
			}
		})
	}
}

func TestTextFrameIsParsed(t *testing.T) {
	for _, size := range []int{0, 1, 125, 126, 500, 65535} {
		payload := bytes.Repeat([]byte("x"), size)
		b := Text(payload)
		f, n, err := Parse(b)
		if f.Opcode != OpText || !bytes.Equal(f.Payload, payload) || n != len(b) || err != nil {
			t.Errorf("Parse(Text(%d bytes)) = %d, %d bytes, %d, %v; want %d, %d bytes, %d, nil",
				size, f.Opcode, len(f.Payload), n, err, OpText, size, len(b))
		}
	}
}

func TestPongIsMasked(t *testing.T) {
	if got, want := string(AppendMasked(nil, OpPong, []byte("hi"))), "\x8a\x82\x00\x00\x00\x00hi"; got != want {
		t.Errorf("AppendMasked(%q) = %q; want %q", "hi", got, want)
	}
}

// FuzzParse checks that a frame comes out the same however its bytes
// come in.
func FuzzParse(f *testing.F) {
	f.Add([]byte("\x81\x02hi\x89\x00"))
	f.Add([]byte("\x81\x7e\x00\x80xx"))
	f.Add([]byte("\x81\x7f\x00\x00\x00\x00\x00\x00\x00\x01x"))
	f.Add([]byte("\x81\x7f\x80\x00\x00\x00\x00\x00\x00\x01x"))
	f.Fuzz(func(t *testing.T, b []byte) {
		whole, n, err := Parse(b)
		if n < 0 || n > len(b) || err != nil && n != 0 {
			t.Fatalf("Parse(%q) = %d bytes, %v", b, n, err)
		}
		if n == 0 {
			return
		}
		for i := range n {
			if _, m, err := Parse(b[:i]); m != 0 || err != nil {
				t.Fatalf("Parse(%q) = %d bytes, %v; want 0, nil", b[:i], m, err)
			}
		}
		if again, m, err := Parse(b[:n]); m != n || err != nil || !bytes.Equal(again.Payload, whole.Payload) {
			t.Fatalf("Parse(%q) = %q, %d, %v; want %q, %d, nil", b[:n], again.Payload, m, err, whole.Payload, n)
		}
	})
}
