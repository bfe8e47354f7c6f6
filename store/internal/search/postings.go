package search

import "encoding/binary"

// postings holds, for every word of a vocabulary, the slots that have it. Those
// of word i are in data[start[i]:start[i+1]], ascending, each as its distance
// from the one before in a varint, so that most take one byte.
type postings struct {
	start []uint32
	data  []byte
}

// addTo adds the slots of the words from lo to hi-1 to a set.
func (p postings) addTo(set bitset, lo, hi int) {
	for word := lo; word < hi; word++ {
		data := p.data[p.start[word]:p.start[word+1]]
		slot := uint32(0)
		for i := 0; i < len(data); {
			if data[i] < 0x80 {
				slot += uint32(data[i])
				i++
			} else {
				distance, size := binary.Uvarint(data[i:])
				slot += uint32(distance)
				i += size
			}
			set.add(slot - 1)
		}
	}
}

// count returns how many slots have a word.
func (p postings) count(word int) int {
	n := 0
	for _, b := range p.data[p.start[word]:p.start[word+1]] {
		if b < 0x80 { // the last byte of a varint
			n++
		}
	}
	return n
}

// list is the slots of one word while they are collected.
type list struct {
	data []byte
	last uint32 // slot, counted from 1
}

// add adds a slot, which is not before those that the list has.
func (l *list) add(slot uint32) {
	if slot+1 != l.last {
		l.data = binary.AppendUvarint(l.data, uint64(slot+1-l.last))
		l.last = slot + 1
	}
}
