package composer

import "unsafe"

// What is kept beside a response's bytes, in bytes: for an entry, a variant,
// a header field and a segment of a program.
const (
	entryWeight   = 256
	variantWeight = 512
	segmentWeight = 256
)

// weigh returns about how much memory an entry takes.
func weigh(k key, e *entry) uint32 {
	weight := entryWeight + len(k.target)
	for s := range e.all() {
		weight += s.weight()
	}
	return uint32(min(weight, 1<<31))
}

func (s *stored) weight() int {
	weight := variantWeight + len(s.body) + len(s.groups)*int(unsafe.Sizeof(0)+unsafe.Sizeof(""))
	weight += len(s.header)
	if p := s.derived.program; p != nil {
		weight += len(p.Segments) * segmentWeight
	}
	return weight
}
