package encoding

import (
	"bytes"
	stdgzip "compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
)

// gunzipped returns what an answer stands for, read by two programs.
func gunzipped(t testing.TB, answer []byte) string {
	t.Helper()
	standard, err := stdgzip.NewReader(bytes.NewReader(answer))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(standard)
	if err != nil {
		t.Fatalf("after %d bytes: %v", len(text), err)
	}
	other, err := gzip.NewReader(bytes.NewReader(answer))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := io.ReadAll(other); err != nil || !bytes.Equal(again, text) {
		t.Fatalf("two readers disagree: %.40q and %.40q, %v", text, again, err)
	}
	return string(text)
}

// stitched appends a text in pieces, one of each kind after the other.
func stitched(s *Joiner, dst []byte, pieces [][]byte) []byte {
	dst = s.Begin(dst)
	for i, piece := range pieces {
		switch i % 3 {
		case 0:
			dst = s.AppendBlock(dst, Deflate(piece, 6))
		case 1:
			dst = s.AppendStored(dst, piece)
		case 2:
			dst = s.AppendText(dst, piece, 1)
		}
	}
	return s.End(dst)
}

func TestStitched(t *testing.T) {
	tests := []struct {
		name   string
		pieces []string
	}{
		{"nothing", nil},
		{"only empty pieces", []string{"", "", ""}},
		{"one", []string{"one"}},
		{"short ones", strings.Split("a bc def ghij", " ")},
		{"an empty one between others", []string{strings.Repeat("a", 500), "", strings.Repeat("b", 500)}},
		{"the same again and again", slices.Repeat([]string{string(htmlText(3000))}, 10)},
		{"more than a window", []string{string(htmlText(100_000)), string(htmlText(100_000)), string(htmlText(100_000))}},
	}
	var s Joiner
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var pieces [][]byte
			for _, piece := range test.pieces {
				pieces = append(pieces, []byte(piece))
			}
			answer := stitched(&s, []byte("before"), pieces)
			if got, want := gunzipped(t, answer[len("before"):]), strings.Join(test.pieces, ""); got != want {
				t.Errorf("%d pieces are %.40q of %d bytes; want %.40q of %d", len(pieces), got, len(got), want, len(want))
			}
		})
	}
}

// TestAnySplit cuts texts at random places.
func TestAnySplit(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	noise := make([]byte, 50_000)
	_, _ = rand.NewChaCha8([32]byte{}).Read(noise)
	for _, text := range [][]byte{htmlText(50_000), noise, bytes.Repeat([]byte("a"), 50_000)} {
		for range 30 {
			var pieces [][]byte
			for rest := text; len(rest) > 0; {
				n := min(random.IntN(1<<(1+random.IntN(15))), len(rest))
				pieces, rest = append(pieces, rest[:n]), rest[n:]
			}
			if got := gunzipped(t, stitched(new(Joiner), nil, pieces)); got != string(text) {
				t.Errorf("%d pieces of %.20q are another text of %d bytes; want %d", len(pieces), text, len(got), len(text))
			}
		}
	}
}

func FuzzStitched(f *testing.F) {
	f.Add([]byte("a text"), 1, 2)
	f.Add(htmlText(1000), 100, 500)
	f.Add(make([]byte, 70_000), 0, 69_999)
	f.Fuzz(func(t *testing.T, text []byte, cut, other int) {
		cut, other = min(max(0, cut), len(text)), min(max(0, other), len(text))
		cut, other = min(cut, other), max(cut, other)
		for _, pieces := range [][][]byte{
			{text[:cut], text[cut:other], text[other:]},
			{nil, text[:cut], text[cut:other], text[other:]},
			{nil, nil, text[:cut], text[cut:other], text[other:]},
		} {
			if got := gunzipped(t, stitched(new(Joiner), nil, pieces)); got != string(text) {
				t.Errorf("%q in pieces of %d and %d bytes is %q", text, cut, other-cut, got)
			}
		}
	})
}

func TestStitchingAllocatesNothing(t *testing.T) {
	part, short := Deflate(htmlText(3000), 6), []byte("short text")
	var s Joiner
	buffer := make([]byte, 0, 64<<10)
	got := testing.AllocsPerRun(100, func() {
		buffer = s.Begin(buffer[:0])
		for range 10 {
			buffer = s.AppendStored(s.AppendBlock(buffer, part), short)
		}
		buffer = s.End(buffer)
	})
	if got != 0 {
		t.Errorf("it allocates %v times; want 0", got)
	}
}

// BenchmarkStitched has ten parts of 3 KB, against the whole at once, and says
// how much shorter the text becomes.
func BenchmarkStitched(b *testing.B) {
	text := htmlText(31_000)
	var pieces [][]byte
	for piece := range slices.Chunk(text, len(text)/10+1) {
		pieces = append(pieces, piece)
	}
	ratio := func(b *testing.B, answer []byte) {
		b.ReportMetric(float64(len(answer))/float64(len(text)), "ratio")
	}
	for _, level := range []int{1, 5, 6, 9} {
		b.Run(fmt.Sprintf("parts/level=%d", level), func(b *testing.B) {
			var parts []Block
			for _, piece := range pieces {
				parts = append(parts, Deflate(piece, level))
			}
			var s Joiner
			var buffer []byte
			b.ReportAllocs()
			for b.Loop() {
				buffer = s.Begin(buffer[:0])
				for _, part := range parts {
					buffer = s.AppendBlock(buffer, part)
				}
				buffer = s.End(buffer)
			}
			ratio(b, buffer)
		})
		b.Run(fmt.Sprintf("whole/level=%d", level), func(b *testing.B) {
			var buffer bytes.Buffer
			w, err := gzip.NewWriterLevel(&buffer, level)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				buffer.Reset()
				w.Reset(&buffer)
				_, _ = w.Write(text)
				_ = w.Close()
			}
			ratio(b, buffer.Bytes())
		})
	}
}
