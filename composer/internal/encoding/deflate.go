package encoding

import (
	"encoding/binary"
	"hash/crc32"
	"sync"

	"github.com/klauspost/compress/flate"
)

// Block is a text in the format of RFC 1951, as a piece that others may
// stand before and after: it begins and ends at a byte, refers to nothing
// outside, and has no final block. It is immutable.
type Block struct {
	Bytes []byte
	size  int64  // of the text, in bytes
	crc   uint32 // of the text
	shift uint32 // crcShift of its size
}

const (
	// MinDeflated is the length of a text, in bytes, below which the header
	// and the end of a compressed block cost what it saves.
	MinDeflated = 64
	// maxStored is how much a stored block has at most (RFC 1951 §3.2.4).
	maxStored = 1<<16 - 1
	// storedHeader is the length of what stands before that.
	storedHeader = 5
)

// Deflate compresses a text, for levels from flate.BestSpeed to
// flate.BestCompression.
func Deflate(text []byte, level int) Block {
	packed := appendDeflated(make([]byte, 0, len(text)/2+MinDeflated), text, level)
	return Block{
		Bytes: append(make([]byte, 0, len(packed)), packed...), // without room to grow
		size:  int64(len(text)),
		crc:   crc32.ChecksumIEEE(text),
		shift: crcShift(len(text)),
	}
}

// appendDeflated appends what deflate makes of a text. What compressing does
// not make shorter is stored.
func appendDeflated(dst, text []byte, level int) []byte {
	return appendTogether(dst, level, []plainText{text})
}

// Texter is a value that has a text. A slice of them is compressed without a copy
// of the slice.
type Texter interface{ Text() []byte }

// plainText is a texter that is its text.
type plainText []byte

func (t plainText) Text() []byte { return t }

// appendTogether appends what deflate makes of texts, one after the other.
func appendTogether[T Texter](dst []byte, level int, texts []T) []byte {
	size, stored := 0, 0
	for _, t := range texts {
		size += len(t.Text())
		stored += storedLength(len(t.Text()))
	}
	if size >= MinDeflated {
		level = min(max(level, flate.BestSpeed), flate.BestCompression)
		d, ok := deflaters[level].Get().(*deflater)
		if !ok {
			d = newDeflater(level)
		}
		result := compress(d, dst, texts)
		deflaters[level].Put(d)
		if len(result)-len(dst) < stored {
			return result
		}
		dst = result[:len(dst)]
	}
	for _, t := range texts {
		dst = appendStored(dst, t.Text())
	}
	return dst
}

// deflaters are those at rest, by level.
var deflaters [flate.BestCompression + 1]sync.Pool

// deflater compresses into a slice.
type deflater struct {
	compressor *flate.Writer
	result     []byte
}

func newDeflater(level int) *deflater {
	d := new(deflater)
	var err error
	if d.compressor, err = flate.NewWriter(d, level); err != nil {
		panic(err) // the level is in range
	}
	return d
}

// Write is for the compressor.
func (d *deflater) Write(p []byte) (int, error) {
	d.result = append(d.result, p...)
	return len(p), nil
}

// compress appends texts with an empty stored block after them, which fills up the
// last byte. It never fails, because Write does not.
func compress[T Texter](d *deflater, dst []byte, texts []T) []byte {
	d.result = dst
	d.compressor.Reset(d)
	for _, t := range texts {
		_, _ = d.compressor.Write(t.Text())
	}
	_ = d.compressor.Flush()
	dst, d.result = d.result, nil
	return dst
}

// appendStored appends a text in stored blocks, which are none if it is empty.
// They begin at a byte, hence the rest of the byte that says what they are is
// padding (RFC 1951 §3.2.4).
func appendStored(dst, text []byte) []byte {
	for len(text) > 0 {
		n := min(len(text), maxStored)
		dst = append(dst, 0)
		dst = binary.LittleEndian.AppendUint16(dst, uint16(n))
		dst = binary.LittleEndian.AppendUint16(dst, ^uint16(n))
		dst = append(dst, text[:n]...)
		text = text[n:]
	}
	return dst
}

// storedLength is how much appendStored appends for n bytes.
func storedLength(n int) int {
	return n + (n+maxStored-1)/maxStored*storedHeader
}

// KeptLevel is how hard a text is compressed that is kept.
const KeptLevel = flate.DefaultCompression

// StreamLevel is how hard a text is compressed that is not kept.
const StreamLevel = flate.BestSpeed
