package composer

import (
	"io"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// streamLevel is how hard an answer is compressed while its reader waits.
const streamLevel = gzip.BestSpeed

// gzipWriters are those at rest.
var gzipWriters = sync.Pool{New: func() any {
	w, err := gzip.NewWriterLevel(nil, streamLevel)
	if err != nil {
		panic(err) // the level is a constant
	}
	return w
}}

// gzipWriter compresses an answer that leaves in pieces. Either end or abandon
// must be called once, after which it must not be used.
type gzipWriter struct{ *gzip.Writer }

func newGzipWriter(w io.Writer) gzipWriter {
	z := gzipWriters.Get().(*gzip.Writer)
	z.Reset(w)
	return gzipWriter{z}
}

// end writes what is missing of the answer.
func (g gzipWriter) end() error {
	err := g.Close()
	g.abandon()
	return err
}

// abandon writes nothing, so that a reader sees that the answer is cut off.
func (g gzipWriter) abandon() {
	g.Reset(nil)
	gzipWriters.Put(g.Writer)
}
