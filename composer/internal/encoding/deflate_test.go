package encoding

import (
	"bytes"
	stdflate "compress/flate"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// htmlText returns text like that of a list of products, of about n bytes and
// always the same.
func htmlText(n int) []byte {
	random := rand.New(rand.NewPCG(1, 2))
	words := []string{"linen", "cotton", "shirt", "wool", "jacket", "blue", "green", "grey", "woven", "loose", "long", "with", "pocket"}
	text := make([]byte, 0, n+200)
	for len(text) < n {
		id := random.IntN(100_000)
		text = fmt.Appendf(text, "<li class=\"product\" id=\"product-%d\">\n  <a href=\"/products/%d\"><img src=\"/static/pictures/%x.svg\" alt=\"\" loading=\"lazy\">", id, id, random.Uint32())
		for range 4 + random.IntN(8) {
			text = append(append(text, words[random.IntN(len(words))]...), ' ')
		}
		text = fmt.Appendf(text, "</a>\n  <data value=\"%d\">%d.%02d €</data>\n</li>\n", id, id/100, id%100)
	}
	return text
}

// plain returns what deflated pieces stand for, read by the standard library.
func plain(t testing.TB, pieces ...[]byte) string {
	t.Helper()
	stream := append(bytes.Join(pieces, nil), finalBlock...)
	text, err := io.ReadAll(stdflate.NewReader(bytes.NewReader(stream)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A text that is stored is compressed as gzip -6 does it, and not as what is sent once.
func TestAStoredTextIsCompressedWell(t *testing.T) {
	var text []byte
	for i := range 400 {
		text = fmt.Appendf(text, "<li id=\"p%d\"><a href=\"/products/%d\">Mug %d</a> <b>%d.99</b></li>\n", i, i, i*7, i%90)
	}
	stored, streamed := len(Deflate(text, StoredLevel).Bytes), len(Deflate(text, StreamLevel).Bytes)
	if stored*100 > streamed*95 {
		t.Errorf("%d bytes where it is stored and %d where it is sent once; want it clearly shorter", stored, streamed)
	}
}

func TestDeflate(t *testing.T) {
	noise := make([]byte, 3*maxStored)
	_, _ = rand.NewChaCha8([32]byte{}).Read(noise)
	tests := []struct {
		name string
		text []byte
		most int // bytes
	}{
		{"nothing", nil, 0},
		{"a byte", []byte("a"), 6},
		{"short text is stored", bytes.Repeat([]byte("a"), MinDeflated-1), MinDeflated + 4},
		{"longer text", bytes.Repeat([]byte("a"), MinDeflated), 20},
		{"noise is stored", noise[:1000], 1005},
		{"a full stored block", noise[:maxStored], maxStored + 5},
		{"a byte more, in a block of its own", noise[:maxStored+1], maxStored + 1 + 10},
		{"three full blocks", noise, 3 * (maxStored + 5)},
		{"HTML", htmlText(10_000), 3500},
		{"more than the window", htmlText(200_000), 60_000},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, level := range []int{-5, 0, 1, 6, 9, 99} {
				got := Deflate(test.text, level)
				if len(got.Bytes) > test.most || cap(got.Bytes) != len(got.Bytes) {
					t.Errorf("at level %d it has %d bytes with room for %d; want at most %d and no room",
						level, len(got.Bytes), cap(got.Bytes), test.most)
				}
				if got.size != int64(len(test.text)) || got.crc != crc32.ChecksumIEEE(test.text) {
					t.Errorf("at level %d it says %d bytes and %08x; want %d and %08x",
						level, got.size, got.crc, len(test.text), crc32.ChecksumIEEE(test.text))
				}
				if text := plain(t, got.Bytes); text != string(test.text) {
					t.Errorf("at level %d it is %.40q; want %.40q", level, text, test.text)
				}
				if text := plain(t, got.Bytes, got.Bytes); text != strings.Repeat(string(test.text), 2) {
					t.Errorf("at level %d it cannot be followed by another", level)
				}
			}
		})
	}
}

func BenchmarkDeflate(b *testing.B) {
	for _, n := range []int{300, 3000, 31_000} {
		text := htmlText(n)
		for _, level := range []int{1, 3, 5, 6, 9} {
			b.Run(fmt.Sprintf("bytes=%d/level=%d", n, level), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				b.ReportAllocs()
				var got Block
				for b.Loop() {
					got = Deflate(text, level)
				}
				b.ReportMetric(float64(len(got.Bytes))/float64(len(text)), "ratio")
			})
		}
	}
}
