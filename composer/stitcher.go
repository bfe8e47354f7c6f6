package composer

import (
	"encoding/binary"
	"hash/crc32"
)

// stitcher makes one answer in the coding gzip (RFC 1952) out of texts that
// were compressed on their own. Its methods append to a slice that may leave
// in pieces: only the order of the calls counts, begin first and end last. It
// allocates nothing but what a slice grows.
type stitcher struct {
	crc  uint32 // of the text that was appended
	size uint32 // of the same in bytes, modulo 2³² (RFC 1952 §2.3.1)
}

const (
	// gzipHeader is that of RFC 1952 §2.3.1 with no flags, no time, and no
	// operating system known.
	gzipHeader = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
	// finalBlock is a final block of fixed codes that has no text (RFC 1951
	// §3.2.6).
	finalBlock = "\x03\x00"
	emptyBlock = "\x00\x00\x00\xff\xff"
)

// begin starts another answer.
func (s *stitcher) begin(dst []byte) []byte {
	*s = stitcher{}
	return append(dst, gzipHeader...)
}

// append appends a text that is compressed.
func (s *stitcher) append(dst []byte, part deflated) []byte {
	s.crc = crcTimes(s.crc, part.shift) ^ part.crc
	s.size += uint32(part.size)
	return append(dst, part.bytes...)
}

// appendPlain appends a text as it is, which is for short ones.
func (s *stitcher) appendPlain(dst, text []byte) []byte {
	s.add(text)
	return appendStored(dst, text)
}

// appendText compresses a text on its way, as deflate does.
func (s *stitcher) appendText(dst, text []byte, level int) []byte {
	s.add(text)
	return appendDeflated(dst, text, level)
}

// appendTogether compresses texts on their way, as one.
func (s *stitcher) appendTogether(dst []byte, pieces []piece, level int) []byte {
	for _, p := range pieces {
		s.add(p.text)
	}
	return appendTogether(dst, level, pieces...)
}

func (s *stitcher) add(text []byte) {
	s.crc = crc32.Update(s.crc, crc32.IEEETable, text)
	s.size += uint32(len(text))
}

// flush appends an empty block, at which readers hand out what they have
// (RFC 1951 §3.2.4).
func (s *stitcher) flush(dst []byte) []byte { return append(dst, emptyBlock...) }

// end completes the answer.
func (s *stitcher) end(dst []byte) []byte {
	dst = append(dst, finalBlock...)
	dst = binary.LittleEndian.AppendUint32(dst, s.crc)
	return binary.LittleEndian.AppendUint32(dst, s.size)
}
