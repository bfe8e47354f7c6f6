package encoding

import (
	"bufio"
	"errors"
	"io"
	"sync"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// decoders has pools of decoders by the name of their coding (RFC 9110 §8.4.1, RFC
// 8878 §7.2). Brotli is missing, because the composer never asks for it and its
// decoder would be a dependency for that alone.
var decoders = map[string]*sync.Pool{
	"gzip":    gzipDecoders,
	"x-gzip":  gzipDecoders,
	"deflate": poolOf(func() decoder { return new(inflater) }),
	"zstd":    poolOf(newZstdDecoder),
}

// decoder removes one coding. It reads no more of a body than it needs, so that
// trailing bytes are found.
type decoder interface {
	io.Reader
	// reset starts another body, whatever happened to the previous body.
	reset(body *bufio.Reader) error
}

func poolOf(open func() decoder) *sync.Pool {
	return &sync.Pool{New: func() any {
		return &pooledDecoder{body: bufio.NewReader(nil), decoder: open()}
	}}
}

var gzipDecoders = poolOf(func() decoder { return new(gunzipper) })

// gunzipper reads the members of RFC 1952 one after the other (§2.2).
type gunzipper struct{ gzip.Reader }

func (g *gunzipper) reset(body *bufio.Reader) error { return g.Reset(body) }

// inflater reads the coding deflate: the format of RFC 1950 around RFC 1951, or RFC
// 1951 alone, as some senders write it (RFC 9110 §8.4.1.2).
type inflater struct {
	io.Reader // wrapped or raw
	wrapped   io.ReadCloser
	raw       io.ReadCloser
}

func (i *inflater) reset(body *bufio.Reader) (err error) {
	if head, _ := body.Peek(2); !isWrapped(head) {
		if i.raw == nil {
			i.raw = flate.NewReader(body)
		}
		i.Reader = i.raw
		return i.raw.(flate.Resetter).Reset(body, nil)
	}
	if i.wrapped == nil {
		i.wrapped, err = zlib.NewReader(body)
	} else {
		err = i.wrapped.(zlib.Resetter).Reset(body, nil)
	}
	i.Reader = i.wrapped
	return err
}

// isWrapped reports whether head is a header of RFC 1950 §2.2. As the start of RFC
// 1951 it would be a stored block with padding that no sender writes.
func isWrapped(head []byte) bool {
	return len(head) == 2 && head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0
}

// zstdDecoder reads the frames of RFC 8878 one after the other (§3).
type zstdDecoder struct{ *zstd.Decoder }

// newZstdDecoder returns a decoder without goroutines: it decodes in Read.
func newZstdDecoder() decoder {
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		panic(err) // the options are constants
	}
	return zstdDecoder{d}
}

// maxWindow is the largest distance of a reference in a zstd body, in bytes: the bound
// of RFC 9659 §3, and of the memory of its decoder.
const maxWindow = 8 << 20

func (z zstdDecoder) reset(body *bufio.Reader) error { return z.Reset(body) }

var errTrailing = errors.New("there is more after the end")
