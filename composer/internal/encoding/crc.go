package encoding

import (
	"hash/crc32"
)

// crcOne is the polynomial 1.
const crcOne uint32 = 1 << 31

// crcShift returns x to the power of the bits in n bytes, modulo P: the factor of a
// text's CRC when n bytes follow.
func crcShift(n int) uint32 {
	shift, square := crcOne, crcOne>>8
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			shift = crcTimes(shift, square)
		}
		square = crcTimes(square, square)
	}
	return shift
}

// crcTimes returns a·b modulo P: first the whole product, whose highest bit is again
// x⁰, then its remainder.
func crcTimes(a, b uint32) uint32 {
	b0 := uint64(b) << 32
	b1, b2, b3 := b0>>1, b0>>2, b0>>3
	// b times each polynomial of degree 3 at most.
	times := [16]uint64{
		0, b3, b2, b2 ^ b3, b1, b1 ^ b3, b1 ^ b2, b1 ^ b2 ^ b3,
		b0, b0 ^ b3, b0 ^ b2, b0 ^ b2 ^ b3, b0 ^ b1, b0 ^ b1 ^ b3, b0 ^ b1 ^ b2, b0 ^ b1 ^ b2 ^ b3,
	}
	product := times[a>>28] ^ times[a>>24&15]>>4 ^ times[a>>20&15]>>8 ^ times[a>>16&15]>>12 ^
		times[a>>12&15]>>16 ^ times[a>>8&15]>>20 ^ times[a>>4&15]>>24 ^ times[a&15]>>28
	high := uint32(product) // the coefficients of x³² and above
	for range 4 {
		high = high>>8 ^ crc32.IEEETable[high&0xff]
	}
	return uint32(product>>32) ^ high
}
