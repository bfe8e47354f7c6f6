package static

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// asset is one answer in all of its encodings.
type asset struct {
	contentType string
	hash        string
	plain       []byte
	encoded     func() []encoded
}

// encoded is a body in a content coding, as Accept-Encoding names it.
type encoded struct {
	coding string
	body   []byte
}

// newAsset returns a file, which is compressed as well as can be when it is asked
// for first.
func newAsset(contentType string, body []byte) asset {
	return newAssetIn(contentType, body, inAllCodings)
}

func newAssetIn(contentType string, body []byte, encode func([]byte) []encoded) asset {
	if contentType == "" {
		panic("static: embedded file without a content type")
	}
	return asset{contentType: contentType, hash: hash(body), plain: body, encoded: sync.OnceValue(func() []encoded { return encode(body) })}
}

// serve answers GET and HEAD in the encoding that the client prefers. All
// encodings are different representations, so each has its own strong ETag
// (RFC 9110 §8.8.3).
func (a asset) serve(w http.ResponseWriter, r *http.Request) {
	a.serveFor(w, r, "public, max-age=31536000, immutable")
}

func (a asset) serveFor(w http.ResponseWriter, r *http.Request, cacheControl string) {
	body, tag := a.plain, a.hash
	h := w.Header()
	if best := preferred(r.Header.Values("Accept-Encoding"), a.encoded()); best != nil {
		body, tag = best.body, a.hash+"-"+best.coding
		h.Set("Content-Encoding", best.coding)
	}
	h.Set("Content-Type", a.contentType)
	h.Set("Cache-Control", cacheControl)
	h.Add("Vary", "Accept-Encoding")
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

func inAllCodings(body []byte) []encoded {
	return append(inGzip(body),
		encoded{"br", compress(body, func(w io.Writer) (io.WriteCloser, error) {
			return brotli.NewWriterLevel(w, brotli.BestCompression), nil
		})},
		encoded{"zstd", compress(body, func(w io.Writer) (io.WriteCloser, error) {
			return zstd.NewWriter(w, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1))
		})},
	)
}

// writers keeps compressors, whose tables are far larger than what they
// compress here.
var writers = sync.Pool{New: func() any {
	z, err := gzip.NewWriterLevel(nil, gzip.BestCompression)
	if err != nil {
		panic(err)
	}
	return z
}}

// inGzip is for what is made anew for each request.
func inGzip(body []byte) []encoded {
	z := writers.Get().(*gzip.Writer)
	defer writers.Put(z)
	return []encoded{{"gzip", compress(body, func(w io.Writer) (io.WriteCloser, error) {
		z.Reset(w)
		return z, nil
	})}}
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
