package cache

import (
	"math"
	"math/bits"
	"unsafe"
)

// Memory for an entry beside its objects of known size, in bytes.
const (
	// entryWeight is the size of an entry with its node in otter, and its part of otter's
	// tables.
	entryWeight = 192
	// memberWeight is the size of a separate group in the index, the usual case.
	memberWeight = 32
)

// weigh returns the approximate memory size of an entry, in bytes.
func weigh(k Key, e *entry) uint32 {
	weight := EntryWeight(len(k.URI))
	for s := range e.all() {
		weight += s.weight()
	}
	return uint32(min(weight, math.MaxUint32))
}

// EntryWeight returns the approximate memory size of an entry in an otter cache, in
// bytes, without its value and with a key text of size bytes.
func EntryWeight(size int) int { return entryWeight + AllocatedSize(size) }

func (s *Stored) weight() int {
	weight := AllocatedSize(int(unsafe.Sizeof(*s))) + AllocatedSize(len(s.Header)) + AllocatedSize(cap(s.Body))
	if s.Attachment != nil {
		weight += s.Attachment.Weight()
	}
	weight += len(s.groups) * (memberWeight + int(unsafe.Sizeof(membership{})))
	if s.extra != nil {
		weight += AllocatedSize(int(unsafe.Sizeof(*s.extra))) + TextsWeight(s.extra.vary) + TextsWeight(s.extra.varied)
	}
	return weight
}

// TextsWeight returns the approximate memory size of the elements of a slice of strings,
// in bytes.
func TextsWeight(texts []string) int {
	weight := 0
	for _, text := range texts {
		weight += int(unsafe.Sizeof(text)) + AllocatedSize(len(text))
	}
	return weight
}

// MapWeight returns the approximate memory size of a map, in bytes. A map has room for
// eight elements, or for some more elements than its length.
func MapWeight[K comparable, V any](m map[K]V) int {
	const head, group = 48, 8
	slot := int(unsafe.Sizeof(*new(K)) + unsafe.Sizeof(*new(V)))
	return head + AllocatedSize(max(group, len(m)*3/2)*(slot+1))
}

// AllocatedSize returns the approximate number of bytes the allocator takes for an object
// of size bytes. The allocator has some eight sizes between a power of two and the next
// power, and whole pages of 8 KiB above 32 KiB.
func AllocatedSize(size int) int {
	const page, large = 8 << 10, 32 << 10
	step := 16
	if size > large {
		step = page
	} else if size > 128 {
		step = 1 << (bits.Len(uint(size-1)) - 4)
	}
	return (size + step - 1) / step * step
}

// Reweigh weighs the entry of a stored response again, because its attachment has grown.
func (c *Cache) Reweigh(r *Response) {
	if r.Backend == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.entry(r.Key); e != nil && e.newest != nil {
		c.entries.Set(r.Key, e)
	}
}
