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

// maxWindow is how far back a body in the coding zstd may refer, in bytes: the
// bound of RFC 9659 §3, and of what its decoder keeps.
const maxWindow = 8 << 20

var errTrailing = errors.New("there is more after the end")

// decoder undoes one coding. It takes no more of a body than it needs, so that
// it shows what follows.
type decoder interface {
	io.Reader
	// reset begins with another body, whatever became of the one before.
	reset(body *bufio.Reader) error
}

// decoders has those at rest, by the name of their coding (RFC 9110 §8.4.1,
// RFC 8878 §7.2). Brotli is not there: we never ask for it, and its decoder
// would be a dependency for that alone.
var decoders = map[string]*sync.Pool{
	"gzip":    gzipDecoders,
	"x-gzip":  gzipDecoders,
	"deflate": poolOf(func() decoder { return new(inflater) }),
	"zstd":    poolOf(newZstdDecoder),
}

var gzipDecoders = poolOf(func() decoder { return new(gunzipper) })

func poolOf(open func() decoder) *sync.Pool {
	return &sync.Pool{New: func() any {
		return &pooledDecoder{body: bufio.NewReader(nil), decoder: open()}
	}}
}

// gunzipper reads one member of RFC 1952 after the other (§2.2).
type gunzipper struct{ gzip.Reader }

func (g *gunzipper) reset(body *bufio.Reader) error { return g.Reset(body) }

// inflater reads the coding deflate, which is the format of RFC 1950 around
// that of RFC 1951, and for some senders the latter alone (RFC 9110 §8.4.1.2).
type inflater struct {
	io.Reader // the one in use
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

// isWrapped reports whether bytes are a header of RFC 1950 §2.2. As a
// beginning of RFC 1951 they would be a stored block with padding that no
// sender writes.
func isWrapped(head []byte) bool {
	return len(head) == 2 && head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0
}

// zstdDecoder reads one frame of RFC 8878 after the other (§3).
type zstdDecoder struct{ *zstd.Decoder }

// newZstdDecoder makes a decoder that has no goroutines: it works in Read.
func newZstdDecoder() decoder {
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		panic(err) // the options are constants
	}
	return zstdDecoder{d}
}

func (z zstdDecoder) reset(body *bufio.Reader) error { return z.Reset(body) }
