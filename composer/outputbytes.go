package composer

import (
	"sync"

	"selvedge/composer/internal/encoding"
)

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
	if o.packer != nil {
		b = o.v.appendPieces(o.packer, b, pieces)
		o.v.weighPieces(pieces)
		_, err := o.w.Write(o.packer.Flush(b))
		return err
	}
	for _, p := range pieces {
		direct := len(p.text) > cap(b)/2 || len(pieces) == 1
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
		b = append(b, p.text...)
	}
	if len(b) == 0 {
		return nil
	}
	_, err := o.w.Write(b)
	return err
}

// appendPacked appends a whole page, compressed.
func (c *Composer) appendPacked(dst []byte, pieces []piece) []byte {
	var s encoding.Joiner
	dst = s.Begin(dst)
	dst = c.appendPieces(&s, dst, pieces)
	c.weighPieces(pieces)
	return s.End(dst)
}
