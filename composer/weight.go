package composer

import "unsafe"

// What is kept beside a response's bytes, in bytes: for an entry, a variant,
// a header field and a segment of a program.
const (
	entryWeight   = 256
	variantWeight = 512
	fieldWeight   = 64
	segmentWeight = 256
)

// weigh returns about how much memory an entry takes.
func weigh(k key, e *entry) uint32 {
	weight := entryWeight + len(k.target) + len(k.host)
	for _, s := range e.variants {
		weight += s.weight()
	}
	return uint32(min(weight, 1<<31))
}

func (s *stored) weight() int {
	weight := variantWeight + len(s.body) + len(s.groups)*int(unsafe.Sizeof(0)+unsafe.Sizeof(""))
	for name, values := range s.header {
		weight += fieldWeight + len(name)
		for _, value := range values {
			weight += len(value)
		}
	}
	for _, value := range s.varied {
		weight += len(value)
	}
	if s.program != nil {
		weight += len(s.program.Segments) * segmentWeight
	}
	return weight
}
