package composer

import (
	"bytes"
	stdgzip "compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestGzipWriter(t *testing.T) {
	text := string(htmlText(200_000))
	tests := []struct {
		name   string
		pieces []string
	}{
		{"nothing", nil},
		{"one piece", []string{text}},
		{"several, an empty one among them", []string{"first", "", text, "last"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got bytes.Buffer
			w := newGzipWriter(&got)
			for _, piece := range test.pieces {
				if _, err := io.WriteString(w, piece); err != nil {
					t.Fatal(err)
				}
				if err := w.Flush(); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.end(); err != nil {
				t.Fatal(err)
			}
			if got, want := gunzipped(t, got.Bytes()), strings.Join(test.pieces, ""); got != want {
				t.Errorf("%d pieces are %.40q of %d bytes; want %.40q of %d", len(test.pieces), got, len(got), want, len(want))
			}
		})
	}
}

func TestWhatAGzipWriterFlushedCanBeRead(t *testing.T) {
	var got bytes.Buffer
	w := newGzipWriter(&got)
	defer w.abandon()
	_, _ = io.WriteString(w, "at once")
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	r, err := stdgzip.NewReader(&got)
	if err != nil {
		t.Fatal(err)
	}
	text := make([]byte, len("at once"))
	if _, err := io.ReadFull(r, text); err != nil || string(text) != "at once" {
		t.Errorf("read %q, %v; want what was flushed", text, err)
	}
}

func TestAnAbandonedAnswerIsCutOff(t *testing.T) {
	var got bytes.Buffer
	w := newGzipWriter(&got)
	_, _ = io.WriteString(w, "the beginning")
	_ = w.Flush()
	w.abandon()
	r, err := stdgzip.NewReader(&got)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(r); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("read %q, %v; want %v", text, err, io.ErrUnexpectedEOF)
	}
}

func TestAGzipWriterSaysThatItsReaderIsGone(t *testing.T) {
	in, out := io.Pipe()
	_ = in.Close()
	w := newGzipWriter(out)
	_, _ = io.WriteString(w, "text")
	if err := w.end(); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("end = %v; want %v", err, io.ErrClosedPipe)
	}
	var next bytes.Buffer
	w = newGzipWriter(&next)
	_, _ = io.WriteString(w, "text")
	if err := w.end(); err != nil || gunzipped(t, next.Bytes()) != "text" {
		t.Errorf("the next answer is %q, %v; want a good one", next.Bytes(), err)
	}
}

// BenchmarkGzipWriter has a page of 31 KB that leaves in ten pieces.
func BenchmarkGzipWriter(b *testing.B) {
	text := htmlText(31_000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	var got bytes.Buffer
	for b.Loop() {
		got.Reset()
		w := newGzipWriter(&got)
		for i := range 10 {
			_, _ = w.Write(text[i*len(text)/10 : (i+1)*len(text)/10])
			_ = w.Flush()
		}
		_ = w.end()
	}
	b.ReportMetric(float64(got.Len())/float64(len(text)), "ratio")
}
