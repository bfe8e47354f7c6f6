package composer

import (
	"sync"

	"github.com/klauspost/compress/flate"
)

// streamLevel is how hard a text is compressed that is not kept.
const streamLevel = flate.BestSpeed

// buffers are for pages on their way out.
var buffers = sync.Pool{New: func() any {
	b := make([]byte, 0, 64<<10)
	return &b
}}

// write writes pieces in few writes, compressed if the page is. What would fill
// half of the buffer is not copied, nor is what is all there is.
func (o *output) write(pieces []piece) error {
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	b := (*buffer)[:0]
	for _, p := range pieces {
		direct := o.packer == nil && (len(p.text) > cap(b)/2 || len(pieces) == 1)
		if len(b) > 0 && (direct || len(b)+len(p.text) > cap(b)) {
			if _, err := o.w.Write(b); err != nil {
				return err
			}
			b = b[:0]
		}
		if direct {
			if _, err := o.w.Write(p.text); err != nil {
				return err
			}
			continue
		}
		b = o.append(b, p)
	}
	if o.packer != nil {
		o.v.weighPieces(pieces)
		b = o.packer.flush(b)
	}
	if len(b) == 0 {
		return nil
	}
	_, err := o.w.Write(b)
	return err
}

func (o *output) append(b []byte, p piece) []byte {
	if o.packer == nil {
		return append(b, p.text...)
	}
	return o.packer.appendPiece(b, p)
}

// appendPiece appends a piece of a page. What is kept is compressed once.
func (s *stitcher) appendPiece(dst []byte, p piece) []byte {
	if p.kept == nil || len(p.text) < minDeflated {
		return s.appendText(dst, p.text, streamLevel)
	}
	return s.append(dst, p.kept.derived.pack(p.text))
}

// packed appends a whole page, compressed.
func packed(dst []byte, pieces []piece) []byte {
	var s stitcher
	dst = s.begin(dst)
	for _, p := range pieces {
		dst = s.appendPiece(dst, p)
	}
	return s.end(dst)
}
