package store

import "math/bits"

// bitset is a set of slots. All sets of one index have the same length.
type bitset []uint64

func newBitset(size int) bitset { return make(bitset, (size+63)/64) }

func (b bitset) has(slot uint32) bool { return b[slot/64]&(1<<(slot%64)) != 0 }

func (b bitset) add(slot uint32) { b[slot/64] |= 1 << (slot % 64) }

func (b bitset) addAll(slots []uint32) {
	for _, slot := range slots {
		b.add(slot)
	}
}

func (b bitset) remove(slot uint32) { b[slot/64] &^= 1 << (slot % 64) }

// and returns the intersection as a set of its own. A nil set stands for
// everything.
func (b bitset) and(other bitset) bitset {
	if other == nil {
		return b
	}
	result := make(bitset, len(b))
	for i := range b {
		result[i] = b[i] & other[i]
	}
	return result
}

func (b bitset) without(other bitset) bitset {
	result := make(bitset, len(b))
	for i := range b {
		result[i] = b[i] &^ other[i]
	}
	return result
}

func (b bitset) count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// countAnd counts the intersection without making it.
func (b bitset) countAnd(other bitset) int {
	n := 0
	for i := range b {
		n += bits.OnesCount64(b[i] & other[i])
	}
	return n
}
