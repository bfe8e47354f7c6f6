package encoding

import (
	"encoding/binary"
	"hash/crc32"
)

// Joiner makes one gzip body (RFC 1952) of texts that were compressed separately. Its
// methods append to a slice, which may be sent in pieces: only the order of the calls
// counts, Begin first and End last. It allocates only to grow the slice. It is not
// safe for concurrent use.
type Joiner struct {
	crc  uint32 // of the text appended so far
	size uint32 // of the same text in bytes, modulo 2³² (RFC 1952 §2.3.1)
}

const (
	// gzipHeader is the header of RFC 1952 §2.3.1 without flags and time, and for an
	// unknown operating system.
	gzipHeader = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
	// finalBlock is a final block of fixed codes without text (RFC 1951 §3.2.6).
	finalBlock = "\x03\x00"
	emptyBlock = "\x00\x00\x00\xff\xff"
)

// Begin starts another body.
func (j *Joiner) Begin(dst []byte) []byte {
	*j = Joiner{}
	return append(dst, gzipHeader...)
}

// AppendBlock appends a compressed text.
func (j *Joiner) AppendBlock(dst []byte, part Block) []byte {
	j.crc = crcTimes(j.crc, part.shift) ^ part.crc
	j.size += uint32(part.size)
	return append(dst, part.Bytes...)
}

// AppendStored appends a text uncompressed, which is for short texts.
func (j *Joiner) AppendStored(dst, text []byte) []byte {
	j.add(text)
	return appendStored(dst, text)
}

// AppendText compresses and appends a text. The level is as in Deflate.
func (j *Joiner) AppendText(dst, text []byte, level int) []byte {
	j.add(text)
	return appendDeflated(dst, text, level)
}

// AppendTexts compresses texts as one text and appends them.
func AppendTexts[T Texter](s *Joiner, dst []byte, texts []T, level int) []byte {
	for _, t := range texts {
		s.add(t.Text())
	}
	return appendTogether(dst, level, texts)
}

func (j *Joiner) add(text []byte) {
	j.crc = crc32.Update(j.crc, crc32.IEEETable, text)
	j.size += uint32(len(text))
}

// Flush appends an empty block, at which decoders return all text so far (RFC 1951
// §3.2.4).
func (j *Joiner) Flush(dst []byte) []byte { return append(dst, emptyBlock...) }

// End completes the body.
func (j *Joiner) End(dst []byte) []byte {
	dst = append(dst, finalBlock...)
	dst = binary.LittleEndian.AppendUint32(dst, j.crc)
	return binary.LittleEndian.AppendUint32(dst, j.size)
}
