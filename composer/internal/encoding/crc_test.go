package encoding

import (
	"hash/crc32"
	"testing"
)

func TestCRCOfTwoTexts(t *testing.T) {
	tests := []struct{ name, first, second string }{
		{"both empty", "", ""},
		{"nothing first", "", "b"},
		{"nothing second", "a", ""},
		{"a byte each", "a", "b"},
		{"zeros, which a plain remainder does not see", "a", "\x00\x00\x00"},
		{"words", "one text, ", "and what follows it"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			first, second := crc32.ChecksumIEEE([]byte(test.first)), crc32.ChecksumIEEE([]byte(test.second))
			got := crcTimes(first, crcShift(len(test.second))) ^ second
			if want := crc32.ChecksumIEEE([]byte(test.first + test.second)); got != want {
				t.Errorf("%q and %q have %08x together; want %08x", test.first, test.second, got, want)
			}
		})
	}
}

// TestCRCShift compares with a shift for each bit.
func TestCRCShift(t *testing.T) {
	want := crcOne
	for n := range 5000 {
		if got := crcShift(n); got != want {
			t.Fatalf("crcShift(%d) = %08x; want %08x", n, got, want)
		}
		for range 8 {
			want = want>>1 ^ crc32.IEEE&-(want&1)
		}
	}
}

func FuzzCRCTimes(f *testing.F) {
	f.Add(uint32(0), crcOne)
	f.Add(crcOne, uint32(0xffffffff))
	f.Add(uint32(0xdeadbeef), uint32(0x12345678))
	f.Fuzz(func(t *testing.T, a, b uint32) {
		var want uint32
		for i := range 32 { // bit by bit
			want = want>>1 ^ crc32.IEEE&-(want&1) ^ b&-(a>>i&1)
		}
		if got := crcTimes(a, b); got != want {
			t.Errorf("crcTimes(%08x, %08x) = %08x; want %08x", a, b, got, want)
		}
	})
}

func BenchmarkCRCTimes(b *testing.B) {
	sum, shift := uint32(0xdeadbeef), crcShift(3000)
	for b.Loop() {
		sum = crcTimes(sum, shift)
	}
}

func BenchmarkCRCShift(b *testing.B) {
	for b.Loop() {
		crcShift(3000)
	}
}
