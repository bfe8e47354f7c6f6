package static

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"sync"
	"time"
)

// asset is one answer in both of its encodings.
type asset struct {
	contentType string
	hash        string
	plain       []byte
	gzipped     []byte
}

func newAsset(contentType string, body []byte) asset {
	if contentType == "" {
		panic("static: embedded file without a content type")
	}
	return asset{contentType: contentType, hash: hash(body), plain: body, gzipped: compress(body)}
}

// serve answers GET and HEAD in the encoding that the client prefers. The two
// encodings are different representations, so each has its own strong ETag
// (RFC 9110 §8.8.3).
func (a asset) serve(w http.ResponseWriter, r *http.Request) {
	a.serveFor(w, r, "public, max-age=31536000, immutable")
}

func (a asset) serveFor(w http.ResponseWriter, r *http.Request, cacheControl string) {
	body, tag := a.plain, a.hash
	h := w.Header()
	if prefersGzip(r.Header.Values("Accept-Encoding")) {
		body, tag = a.gzipped, a.hash+"-gzip"
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Type", a.contentType)
	h.Set("Cache-Control", cacheControl)
	h.Add("Vary", "Accept-Encoding")
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
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

func compress(body []byte) []byte {
	z := writers.Get().(*gzip.Writer)
	defer writers.Put(z)
	var b bytes.Buffer
	z.Reset(&b)
	// A bytes.Buffer takes everything, so neither call can fail.
	_, _ = z.Write(body)
	_ = z.Close()
	return b.Bytes()
}
