package encoding

import (
	"encoding/binary"
	"hash/crc32"
)

// Joiner makes one answer in the coding gzip (RFC 1952) out of texts that
// were compressed on their own. Its methods append to a slice that may leave
// in pieces: only the order of the calls counts, begin first and end last. It
// allocates nothing but what a slice grows.
type Joiner struct {
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

// Begin starts another answer.
func (s *Joiner) Begin(dst []byte) []byte {
	*s = Joiner{}
	return append(dst, gzipHeader...)
}

// AppendBlock appends a text that is compressed.
func (s *Joiner) AppendBlock(dst []byte, part Block) []byte {
	s.crc = crcTimes(s.crc, part.shift) ^ part.crc
	s.size += uint32(part.size)
	return append(dst, part.Bytes...)
}

// AppendStored appends a text as it is, which is for short ones.
func (s *Joiner) AppendStored(dst, text []byte) []byte {
	s.add(text)
	return appendStored(dst, text)
}

// AppendText compresses a text on its way, as deflate does.
func (s *Joiner) AppendText(dst, text []byte, level int) []byte {
	s.add(text)
	return appendDeflated(dst, text, level)
}

// AppendTexts compresses texts on their way, as one, and appends them.
func AppendTexts[T Texter](s *Joiner, dst []byte, texts []T, level int) []byte {
	for _, t := range texts {
		s.add(t.Text())
	}
	return appendTogether(dst, level, texts)
}

func (s *Joiner) add(text []byte) {
	s.crc = crc32.Update(s.crc, crc32.IEEETable, text)
	s.size += uint32(len(text))
}

// Flush appends an empty block, at which readers hand out what they have
// (RFC 1951 §3.2.4).
func (s *Joiner) Flush(dst []byte) []byte { return append(dst, emptyBlock...) }

// End completes the answer.
func (s *Joiner) End(dst []byte) []byte {
	dst = append(dst, finalBlock...)
	dst = binary.LittleEndian.AppendUint32(dst, s.crc)
	return binary.LittleEndian.AppendUint32(dst, s.size)
}
