package composer

import (
	"encoding/binary"
	"hash/crc32"
	"sync"

	"github.com/klauspost/compress/flate"
)

// deflated is a text in the format of RFC 1951, as a piece that others may
// stand before and after: it begins and ends at a byte, refers to nothing
// outside, and has no final block. It is immutable.
type deflated struct {
	bytes []byte
	size  int64  // of the text, in bytes
	crc   uint32 // of the text
	shift uint32 // crcShift of its size
}

const (
	// minDeflated is the length of a text, in bytes, below which the header
	// and the end of a compressed block cost what it saves.
	minDeflated = 64
	// maxStored is how much a stored block has at most (RFC 1951 §3.2.4).
	maxStored = 1<<16 - 1
	// storedHeader is the length of what stands before that.
	storedHeader = 5
)

// deflate compresses a text, for levels from flate.BestSpeed to
// flate.BestCompression.
func deflate(text []byte, level int) deflated {
	packed := appendDeflated(make([]byte, 0, len(text)/2+minDeflated), text, level)
	return deflated{
		bytes: append(make([]byte, 0, len(packed)), packed...), // without room to grow
		size:  int64(len(text)),
		crc:   crc32.ChecksumIEEE(text),
		shift: crcShift(len(text)),
	}
}

// appendDeflated appends what deflate makes of a text. What compressing does
// not make shorter is stored.
func appendDeflated(dst, text []byte, level int) []byte {
	return appendTogether(dst, level, piece{text: text})
}

// appendTogether appends what deflate makes of texts, one after the other.
func appendTogether(dst []byte, level int, pieces ...piece) []byte {
	size, stored := 0, 0
	for _, p := range pieces {
		size += len(p.text)
		stored += storedLength(len(p.text))
	}
	if size >= minDeflated {
		level = min(max(level, flate.BestSpeed), flate.BestCompression)
		d, ok := deflaters[level].Get().(*deflater)
		if !ok {
			d = newDeflater(level)
		}
		result := d.append(dst, pieces...)
		deflaters[level].Put(d)
		if len(result)-len(dst) < stored {
			return result
		}
		dst = result[:len(dst)]
	}
	for _, p := range pieces {
		dst = appendStored(dst, p.text)
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

// append ends texts with an empty stored block, which fills up the last byte.
// Nothing can fail, since Write does not.
func (d *deflater) append(dst []byte, pieces ...piece) []byte {
	d.result = dst
	d.compressor.Reset(d)
	for _, p := range pieces {
		_, _ = d.compressor.Write(p.text)
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
