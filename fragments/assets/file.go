package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// File is the response for a file, in all its encodings. It is safe for concurrent use.
type File struct {
	contentType string
	hash        string
	plain       []byte
	encodings   []encoding
}

// encoding is a body in a content coding, as Accept-Encoding names it.
type encoding struct {
	coding string
	body   func() []byte // nil: it would not be smaller than the plain body
}

// NewFile returns a file, which is compressed as well as can be when a coding is
// requested for the first time. The body must not be changed afterwards.
func NewFile(contentType string, body []byte) File {
	return newFile(contentType, body, gzipCoding, brotliCoding, zstdCoding)
}

// NewGenerated returns a file that is made for each request. It is compressed by gzip
// alone, which is the fastest.
func NewGenerated(contentType string, body []byte) File {
	return newFile(contentType, body, gzipCoding)
}

func newFile(contentType string, body []byte, codings ...coding) File {
	f := File{contentType: contentType, hash: hash(body), plain: body}
	for _, c := range codings {
		f.encodings = append(f.encodings, encoding{c.name, sync.OnceValue(func() []byte {
			if packed := c.compress(body); len(packed) < len(body) {
				return packed
			}
			return nil
		})})
	}
	return f
}

// Name returns a name with the hash of the file before its extension.
func (f File) Name(name string) string {
	ext := path.Ext(name)
	return strings.TrimSuffix(name, ext) + "." + f.hash + ext
}

// ServeHTTP answers GET and HEAD in the encoding that the client prefers, and any other
// method with 405. All encodings are different representations, so each has its own
// strong ETag (RFC 9110 §8.8.3).
func (f File) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.serve(w, r, "public, max-age=31536000, immutable")
}

func (f File) serve(w http.ResponseWriter, r *http.Request, cacheControl string) {
	h := w.Header()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	body, tag := f.plain, f.hash
	if best := preferred(r.Header.Values("Accept-Encoding"), f.encodings); best != nil {
		body, tag = best.body(), f.hash+"-"+best.coding
		h.Set("Content-Encoding", best.coding)
	}
	h.Set("Content-Type", f.contentType)
	h.Set("Cache-Control", cacheControl)
	h.Add("Vary", "Accept-Encoding")
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// hashDigits is the number of digits of a hash in names: enough for no two versions of
// a file to meet.
const hashDigits = 10

// hash returns the digits for names.
func hash(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])[:hashDigits]
}

// coding is a content coding with its compressor.
type coding struct {
	name     string
	compress func([]byte) []byte
}

var (
	gzipCoding   = coding{"gzip", compressGzip}
	brotliCoding = coding{"br", func(body []byte) []byte {
		return compress(body, func(w io.Writer) (io.WriteCloser, error) {
			return brotli.NewWriterLevel(w, brotli.BestCompression), nil
		})
	}}
	zstdCoding = coding{"zstd", func(body []byte) []byte {
		return compress(body, func(w io.Writer) (io.WriteCloser, error) {
			return zstd.NewWriter(w, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1))
		})
	}}
)

// gzipWriters keeps compressors, whose tables are far larger than the files that they
// compress.
var gzipWriters = sync.Pool{New: func() any {
	z, err := gzip.NewWriterLevel(nil, gzip.BestCompression)
	if err != nil {
		panic(err)
	}
	return z
}}

func compressGzip(body []byte) []byte {
	z := gzipWriters.Get().(*gzip.Writer)
	defer gzipWriters.Put(z)
	return compress(body, func(w io.Writer) (io.WriteCloser, error) {
		z.Reset(w)
		return z, nil
	})
}

// compress returns a body compressed. Nothing can fail: the levels are right, and
// a bytes.Buffer takes everything.
func compress(body []byte, open func(io.Writer) (io.WriteCloser, error)) []byte {
	var b bytes.Buffer
	z, err := open(&b)
	if err != nil {
		panic(err)
	}
	_, _ = z.Write(body)
	_ = z.Close()
	return b.Bytes()
}
