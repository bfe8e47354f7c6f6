package search

import (
	"iter"
	"math/bits"
	"slices"
)

// bitset is a set of slots. All sets of one index have the same length. Nil
// stands for no slots.
type bitset []uint64

func newBitset(size int) bitset { return make(bitset, (size+63)/64) }

func (b bitset) has(slot uint32) bool { return b != nil && b[slot/64]&(1<<(slot%64)) != 0 }

func (b bitset) add(slot uint32) { b[slot/64] |= 1 << (slot % 64) }

func (b bitset) addAll(slots []uint32) {
	for _, slot := range slots {
		b.add(slot)
	}
}

func (b bitset) remove(slot uint32) { b[slot/64] &^= 1 << (slot % 64) }

// addSet adds the slots of another set.
func (b bitset) addSet(other bitset) {
	for i := range other {
		b[i] |= other[i]
	}
}

// and returns the intersection as a set of its own.
func (b bitset) and(other bitset) bitset {
	if b == nil || other == nil {
		return nil
	}
	result := make(bitset, len(b))
	for i := range b {
		result[i] = b[i] & other[i]
	}
	return result
}

// or returns the union as a set of its own.
func (b bitset) or(other bitset) bitset {
	result := slices.Clone(b)
	result.addSet(other)
	return result
}

func (b bitset) empty() bool {
	for _, w := range b {
		if w != 0 {
			return false
		}
	}
	return true
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

// slots returns the slots in ascending order.
func (b bitset) slots() iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for i, w := range b {
			for ; w != 0; w &= w - 1 {
				if !yield(uint32(i*64 + bits.TrailingZeros64(w))) {
					return
				}
			}
		}
	}
}
