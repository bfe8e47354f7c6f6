package encoding

import (
	"encoding/binary"
	"hash/crc32"
	"sync"

	"github.com/klauspost/compress/flate"
)

// Block is a compressed text (RFC 1951) to be joined with others: it starts and ends
// at a byte boundary, refers to nothing outside itself, and has no final block. It is
// immutable.
type Block struct {
	Bytes []byte
	size  int64  // of the text, in bytes
	crc   uint32 // of the text
	shift uint32 // crcShift(size)
}

const (
	// MinDeflated is the length of a text, in bytes, below which compression saves
	// nothing, because a compressed block has a header and an end.
	MinDeflated = 64
	// maxStored is the maximum length of a stored block, in bytes (RFC 1951 §3.2.4).
	maxStored = 1<<16 - 1
	// storedHeader is the length of the header of a stored block, in bytes.
	storedHeader = 5
)

// StoredLevel is the compression level of texts that are stored, and sent often. It is
// that of gzip -6.
const StoredLevel = 6

// StreamLevel is the compression level of texts that are sent once.
const StreamLevel = flate.BestSpeed

// Deflate compresses a text. The level is from flate.BestSpeed to
// flate.BestCompression.
func Deflate(text []byte, level int) Block {
	packed := appendDeflated(make([]byte, 0, len(text)/2+MinDeflated), text, level)
	return Block{
		Bytes: append(make([]byte, 0, len(packed)), packed...), // without spare capacity
		size:  int64(len(text)),
		crc:   crc32.ChecksumIEEE(text),
		shift: crcShift(len(text)),
	}
}

// appendDeflated appends text compressed, or stored if compression does not make it
// shorter.
func appendDeflated(dst, text []byte, level int) []byte {
	return appendTogether(dst, level, []plainText{text})
}

// Texter is a value with a text. A slice of such values is compressed without a copy
// of the slice.
type Texter interface{ Text() []byte }

// plainText is a Texter of its own bytes.
type plainText []byte

func (t plainText) Text() []byte { return t }

// appendTogether appends the texts as one compressed text.
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

// deflaters has pools of deflaters by level.
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

// compress appends the texts and an empty stored block, which fills up the last byte.
// It never fails, because Write does not.
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

// appendStored appends text in stored blocks; an empty text has none. Each block
// starts at a byte boundary, so the bits after its type are padding (RFC 1951 §3.2.4).
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

// storedLength returns the length of n bytes in stored blocks.
func storedLength(n int) int {
	return n + (n+maxStored-1)/maxStored*storedHeader
}
