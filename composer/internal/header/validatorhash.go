package header

import (
	"math/bits"
)

// ValidatorHash is a 64-bit hash with the same result in every process, so that each
// process knows the ETags of the others. It is not cryptographic: a collision brings
// an attacker nothing, because all input belongs to one site or to the visitor.
type ValidatorHash uint64

// EmptyHash is the hash without input, to which numbers and texts are added.
const EmptyHash ValidatorHash = 0x9e3779b97f4a7c15

// hashFactor may be any odd number with many bits set.
const hashFactor = 0xa0761d6478bd642f

// AddNumber adds n by a multiplication to 128 bits, folded to 64 bits as in wyhash.
func (s ValidatorHash) AddNumber(n uint64) ValidatorHash {
	high, low := bits.Mul64(uint64(s)^n, hashFactor)
	return ValidatorHash(high ^ low ^ n)
}

// AddText adds a text and its length. The words of a long text alternate between two
// hashes, because each AddNumber waits for its predecessor.
func AddText[T string | []byte](s ValidatorHash, text T) ValidatorHash {
	size := uint64(len(text))
	if len(text) >= 16 {
		other := EmptyHash
		i := 0
		for ; i <= len(text)-16; i += 16 {
			s, other = s.AddNumber(word(text[i:])), other.AddNumber(word(text[i+8:]))
		}
		text = text[i:]
		s = s.AddNumber(uint64(other))
	}
	if len(text) >= 8 {
		s, text = s.AddNumber(word(text)), text[8:]
	}
	var rest uint64
	for i := range len(text) {
		rest = rest<<8 | uint64(text[i])
	}
	return s.AddNumber(rest).AddNumber(size)
}

// word returns the first eight bytes of text as a number.
func word[T string | []byte](text T) uint64 {
	_ = text[7]
	return uint64(text[0]) | uint64(text[1])<<8 | uint64(text[2])<<16 | uint64(text[3])<<24 |
		uint64(text[4])<<32 | uint64(text[5])<<40 | uint64(text[6])<<48 | uint64(text[7])<<56
}

// AppendETag appends the hash as an entity tag (RFC 9110 §8.8.3).
func (s ValidatorHash) AppendETag(b []byte, weak bool) []byte {
	const digits = "0123456789abcdef"
	if weak {
		b = append(b, "W/"...)
	}
	b = append(b, '"')
	for shift := 60; shift >= 0; shift -= 4 {
		b = append(b, digits[s>>shift&15])
	}
	return append(b, '"')
}
