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
	body   func() []byte // returns nil if not smaller than the plain body
}

// NewFile returns a file with the best compression of each coding, at the first request
// for the coding. The body must not be changed afterwards.
func NewFile(contentType string, body []byte) File {
	return newFile(contentType, body, gzipCoding, brotliCoding, zstdCoding)
}

// NewGenerated returns a file with content made for each request. The only coding is
// gzip, because gzip is the fastest.
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

// ServeHTTP responds to GET and HEAD in the preferred encoding of the client, and to any
// other method with 405. Each encoding has its own strong ETag, because encodings are
// different representations (RFC 9110 §8.8.3).
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

// hashDigits is the number of digits of a hash in names: enough for different names of
// all versions of a file.
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

// gzipWriters keeps compressors, because their tables are far larger than the files.
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

// compress returns a compressed body. Errors cannot occur, because the levels are valid
// and a bytes.Buffer accepts all bytes.
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
