package encoding

import (
	"bytes"
	stdflate "compress/flate"
	stdgzip "compress/gzip"
	stdzlib "compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/zstd"
)

// encodedIn returns a text in a coding, by the standard library where it has it.
// "raw" is deflate without a header.
func encodedIn(t testing.TB, coding, text string) string {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	var err error
	switch coding {
	case "identity":
		return text
	case "gzip":
		w = stdgzip.NewWriter(&b)
	case "deflate":
		w = stdzlib.NewWriter(&b)
	case "raw":
		w, err = stdflate.NewWriter(&b, stdflate.DefaultCompression)
	case "zstd":
		w, err = zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(true))
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err = io.WriteString(w, text); err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func decodeAll(encoding string, body io.Reader) (string, error) {
	r, err := Decode(encoding, body)
	if err != nil {
		return "", err
	}
	defer func() { _ = r.Close() }()
	text, err := io.ReadAll(r)
	return string(text), err
}

func TestDecoded(t *testing.T) {
	const text = "<p>one text, one text, one text</p>"
	long := strings.Repeat(text, 10_000)
	gz := func(s string) string { return encodedIn(t, "gzip", s) }
	tests := []struct{ name, encoding, body, want string }{
		{"no coding", "", text, text},
		{"identity", "Identity", text, text},
		{"gzip", "gzip", gz(text), text},
		{"its other name, in any case of letters (RFC 9110 §8.4.1.3)", "X-GZIP", gz(text), text},
		{"long gzip", "gzip", gz(long), long},
		{"several members (RFC 1952 §2.2)", "gzip", gz(text) + gz("") + gz(long), text + long},
		{"gzip with a name", "gzip", "\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\xffname\x00" + gz(text)[10:], text},
		{"deflate (§8.4.1.2)", "deflate", encodedIn(t, "deflate", text), text},
		{"deflate without a header (§8.4.1.2)", "deflate", encodedIn(t, "raw", long), long},
		{"deflate without a header and text", "deflate", encodedIn(t, "raw", ""), ""},
		{"zstd", "zstd", encodedIn(t, "zstd", long), long},
		{"several frames (RFC 8878 §3)", "zstd", encodedIn(t, "zstd", text) + encodedIn(t, "zstd", long), text + long},
		{"identity around gzip", "gzip, identity,, ", gz(text), text},
		{"twice the same", "gzip, gzip", gz(gz(long)), long},
		{"two, of which the last is the outer (§8.4)", "deflate,zstd", encodedIn(t, "zstd", encodedIn(t, "deflate", long)), long},
		{"no text", "gzip", gz(""), ""},
		{"20 bytes of no text", "gzip", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x03\x00" + strings.Repeat("\x00", 8), ""},
		{"no bytes", "gzip", "", ""},
		{"no bytes in two codings", "zstd, deflate", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, body := range []io.Reader{
				strings.NewReader(test.body),
				iotest.DataErrReader(strings.NewReader(test.body)),
				iotest.OneByteReader(strings.NewReader(test.body)),
			} {
				got, err := decodeAll(test.encoding, body)
				if err != nil || got != test.want {
					t.Errorf("decoded(%q, %.40q) = %.40q, %v; want %.40q", test.encoding, test.body, got, err, test.want)
				}
			}
		})
	}
}

func TestCodingsThatAreRefused(t *testing.T) {
	tests := []struct{ name, encoding string }{
		{"one that we do not read", "br"},
		{"one that nobody knows", "rot13"},
		{"one of two", "gzip, br"},
		{"three", "gzip, gzip, gzip"},
		{"an unreadable one", "gzip;q=1"},
		{"the name of a variable", "\x00$(X)" + strings.Repeat("x", 1000)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, err := Decode(test.encoding, strings.NewReader("text"))
			if r != nil || !errors.Is(err, ErrCoding) {
				t.Fatalf("decoded(%.10q) = %v, %v; want %v", test.encoding, r, err, ErrCoding)
			}
			if !strings.Contains(err.Error(), test.encoding[:2]) && test.encoding[0] != 0 || len(err.Error()) > 200 {
				t.Errorf("decoded(%.10q) says %.200v; want the coding, and not much of it", test.encoding, err)
			}
		})
	}
}

// TestBrokenBodies has every coding cut off everywhere, changed at each byte
// that its format protects, and followed by more.
func TestBrokenBodies(t *testing.T) {
	text := strings.Repeat("<p>text and text</p>", 5) + "123456789"
	for _, coding := range []string{"gzip", "deflate", "raw", "zstd"} {
		t.Run(coding, func(t *testing.T) {
			body, encoding := encodedIn(t, coding, text), strings.Replace(coding, "raw", "deflate", 1)
			for n := 1; n < len(body); n++ {
				if got, err := decodeAll(encoding, strings.NewReader(body[:n])); err == nil {
					t.Errorf("%d of %d bytes are %q; want an error", n, len(body), got)
				}
			}
			for _, more := range []string{"\x00", "x", "\x1f", "more", body[:1], body + "x"} {
				if got, err := decodeAll(encoding, strings.NewReader(body+more)); err == nil {
					t.Errorf("with %.10q after it the body is %q; want an error", more, got)
				}
			}
			if coding == "raw" {
				return // has no checksum
			}
			for i := range len(body) {
				changed := []byte(body)
				changed[i] ^= 0x10
				if got, err := decodeAll(encoding, bytes.NewReader(changed)); err == nil && got != text {
					t.Errorf("with byte %d changed the body is %q; want an error", i, got)
				}
			}
		})
	}
	t.Run("inside another coding", func(t *testing.T) {
		inner := encodedIn(t, "gzip", text)
		for _, broken := range []string{inner[:len(inner)-1], inner + "x"} {
			if got, err := decodeAll("gzip, deflate", strings.NewReader(encodedIn(t, "deflate", broken))); err == nil {
				t.Errorf("the body is %q; want an error", got)
			}
		}
		outer := encodedIn(t, "deflate", inner)
		if got, err := decodeAll("gzip, deflate", strings.NewReader(outer[:len(outer)-1])); err == nil {
			t.Errorf("with the outer checksum cut off the body is %q; want an error", got)
		}
	})
}

// failing says once how it ends.
type failing struct {
	io.Reader
	err error
}

func (f *failing) Read(p []byte) (int, error) {
	n, err := f.Reader.Read(p)
	if err == io.EOF { //nolint:errorlint // see decoding
		err, f.err = f.err, io.EOF
	}
	return n, err
}

func TestAnErrorOfTheBodyIsPassedOn(t *testing.T) {
	reset := fmt.Errorf("connection reset: %w", io.EOF) // not the end
	body := encodedIn(t, "gzip", "text")
	for n := range len(body) + 1 {
		_, err := decodeAll("gzip", &failing{strings.NewReader(body[:n]), reset})
		if err == nil || !errors.Is(err, reset) {
			t.Errorf("after %d bytes: %v; want %v", n, err, reset)
		}
	}
}

// counter counts the bytes that are read.
type counter struct {
	io.Reader
	n int
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += n
	return n, err
}

// TestABombIsReadToItsLimitOnly has 16 MiB of zeros, of which the first is
// wanted.
func TestABombIsReadToItsLimitOnly(t *testing.T) {
	zeros := strings.Repeat("\x00", 16<<20)
	for _, coding := range []string{"gzip", "deflate", "raw", "zstd"} {
		t.Run(coding, func(t *testing.T) {
			bomb := encodedIn(t, coding, zeros)
			encoding := strings.Replace(coding, "raw", "deflate", 1)
			body := &counter{Reader: strings.NewReader(bomb)}
			r, err := Decode(encoding, body)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = r.Close() }()
			if body.n != 0 {
				t.Errorf("%d bytes were read before they are wanted", body.n)
			}
			if n, err := io.CopyN(io.Discard, r, 1<<20); err != nil {
				t.Fatalf("%d bytes of 1 MiB, %v", n, err)
			}
			if limit := len(bomb)/16 + 8<<10; body.n > limit {
				t.Errorf("%d bytes of %d were read for a 16th of the text; want at most %d", body.n, len(bomb), limit)
			}
		})
	}
}

// TestAWindowBeyondItsBound has frames that want bytes to be kept, and an empty
// block (RFC 8878 §3.1.1.1.2).
func TestAWindowBeyondItsBound(t *testing.T) {
	tests := []struct {
		name, descriptor string
		want             error
	}{
		{"8 MiB", "\x68", nil},
		{"9 MiB", "\x69", zstd.ErrWindowSizeExceeded},
		{"1 GiB", "\xa0", zstd.ErrWindowSizeExceeded},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			frame := "\x28\xb5\x2f\xfd\x00" + test.descriptor + "\x01\x00\x00"
			if text, err := decodeAll("zstd", strings.NewReader(frame)); !errors.Is(err, test.want) || text != "" {
				t.Errorf("the body is %q, %v; want %v", text, err, test.want)
			}
		})
	}
}

// TestWhatWasFlushedCanBeRead holds that a reader need not wait for the rest.
func TestWhatWasFlushedCanBeRead(t *testing.T) {
	type flusher interface {
		io.WriteCloser
		Flush() error
	}
	for _, coding := range []string{"gzip", "deflate", "zstd"} {
		t.Run(coding, func(t *testing.T) {
			in, out := io.Pipe()
			defer func() { _ = in.Close() }()
			go func() {
				var w flusher
				switch coding {
				case "gzip":
					w = stdgzip.NewWriter(out)
				case "deflate":
					w = stdzlib.NewWriter(out)
				case "zstd":
					w, _ = zstd.NewWriter(out, zstd.WithEncoderConcurrency(1))
				}
				_, _ = io.WriteString(w, "at once")
				_ = w.Flush() // and nothing else, ever
			}()
			r, err := Decode(coding, in)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = r.Close() }()
			got := make([]byte, len("at once"))
			if _, err := io.ReadFull(r, got); err != nil || string(got) != "at once" {
				t.Errorf("read %q, %v; want what was flushed", got, err)
			}
		})
	}
}

func TestAClosedBodyIsNotRead(t *testing.T) {
	r, err := Decode("gzip", strings.NewReader(encodedIn(t, "gzip", "text")))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := r.Close(); err != nil {
			t.Errorf("Close = %v; want no error", err)
		}
		if n, err := r.Read(make([]byte, 1)); !errors.Is(err, http.ErrBodyReadAfterClose) {
			t.Errorf("Read = %d, %v; want %v", n, err, http.ErrBodyReadAfterClose)
		}
	}
}

// FuzzDecoded holds that decoders which met any body read the next one well.
func FuzzDecoded(f *testing.F) {
	next := strings.Repeat("text ", 50)
	good := map[string]string{
		"gzip":          encodedIn(f, "gzip", next),
		"deflate":       encodedIn(f, "raw", next),
		"deflate, gzip": encodedIn(f, "gzip", encodedIn(f, "deflate", next)),
		"gzip, zstd":    encodedIn(f, "zstd", encodedIn(f, "gzip", next)),
	}
	for encoding, body := range good {
		f.Add(encoding, []byte(body))
		f.Add(encoding, []byte(body[:len(body)/2]))
	}
	f.Add("zstd", []byte(good["gzip"]))
	f.Fuzz(func(t *testing.T, encoding string, body []byte) {
		r, err := Decode(encoding, bytes.NewReader(body))
		if err != nil {
			return
		}
		_, _ = io.CopyN(io.Discard, r, 1<<20)
		if err := r.Close(); err != nil {
			t.Errorf("Close = %v; want no error", err)
		}
		for encoding, body := range good {
			if got, err := decodeAll(encoding, strings.NewReader(body)); got != next || err != nil {
				t.Errorf("then %s reads %q, %v; want %q", encoding, got, err, next)
			}
		}
	})
}

func BenchmarkDecoded(b *testing.B) {
	for _, coding := range []string{"gzip", "deflate", "zstd"} {
		b.Run(coding, func(b *testing.B) {
			text := htmlText(3000)
			body := strings.NewReader(encodedIn(b, coding, string(text)))
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				_, _ = body.Seek(0, io.SeekStart)
				r, err := Decode(coding, body)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := io.Copy(io.Discard, r); err != nil {
					b.Fatal(err)
				}
				_ = r.Close()
			}
		})
	}
}
