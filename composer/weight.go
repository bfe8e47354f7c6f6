package composer

import (
	"context"
	"math"
	"math/bits"
	"net/url"
	"unsafe"

	"selvedge/composer/internal/encoding"
)

// What is kept beside the things whose size is known, in bytes.
const (
	// entryWeight is an entry with its node in otter, and what otter's tables
	// have for that.
	entryWeight = 192
	// memberWeight is a group of its own in the index, which most are.
	memberWeight = 32
	// packedWeight is a text that is kept compressed, in a sync.Map, and
	// manyPacked what such a map takes before. The map is a tree: a node of 16
	// places grows another where two texts meet.
	packedWeight = 176
	manyPacked   = 240
	packedNode   = 160
)

// weigh returns about how much memory an entry takes, in bytes.
func weigh(k key, e *entry) uint32 {
	weight := entryWeight + allocated(len(k.URI))
	for s := range e.all() {
		weight += s.weight()
	}
	return uint32(min(weight, math.MaxUint32))
}

func (s *stored) weight() int {
	weight := allocated(int(unsafe.Sizeof(*s))) + allocated(len(s.header)) + s.content()
	weight += len(s.groups) * (memberWeight + int(unsafe.Sizeof(membership{})))
	if s.extra != nil {
		weight += s.extra.weight()
	}
	return weight
}

// content is the weight of the body and of all that is made of it.
func (r *response) content() int {
	return allocated(cap(r.body)) + int(unsafe.Sizeof(derived{})) + r.derived.program.Size() + r.derived.later.Load().weight()
}

func (x *extra) weight() int {
	weight := allocated(int(unsafe.Sizeof(*x)))
	for _, texts := range [][]string{x.styles, x.vary, x.varied} {
		for _, text := range texts {
			weight += int(unsafe.Sizeof(text)) + allocated(len(text))
		}
	}
	for i := range x.links {
		l := &x.links[i]
		weight += int(unsafe.Sizeof(*l))
		for _, text := range []string{l.Target, l.AsField, l.AsHint} {
			weight += allocated(len(text))
		}
	}
	return weight
}

func (l *later) weight() int {
	if l == nil {
		return 0
	}
	weight := allocated(int(unsafe.Sizeof(*l)))
	if places := l.places.Load(); places != nil {
		weight += int(unsafe.Sizeof(*places)) + mapped(places.static) + len(places.static)*allocated(int(unsafe.Sizeof(url.URL{})))
	}
	if h := l.header.Load(); h != nil {
		weight += int(unsafe.Sizeof(h)) + mapped(*h)
		for _, values := range *h {
			weight += len(values) * int(unsafe.Sizeof("")) // their texts are the answer's
		}
	}
	weight += l.elements.weight() + l.transcoded.weight()
	return weight + l.packedWeight()
}

func (l *later) packedWeight() int {
	weight, n := 0, 0
	l.packed.Range(func(_, text any) bool {
		weight += packedWeight + allocated(len(text.(*encoding.Block).Bytes))
		n++
		return true
	})
	if n == 0 {
		return 0
	}
	return manyPacked + weight + n*min(n, 16)/64*packedNode
}

// mapped is about how much a map takes. It has room for eight, or for some more
// than there are.
func mapped[K comparable, V any](m map[K]V) int {
	const head, group = 48, 8
	slot := int(unsafe.Sizeof(*new(K)) + unsafe.Sizeof(*new(V)))
	return head + allocated(max(group, len(m)*3/2)*(slot+1))
}

// allocated is about how much the allocator gives for a number of bytes: it has
// some eight sizes between a power of two and the next, and whole pages of
// 8 KiB above 32 KiB.
func allocated(size int) int {
	const page, large = 8 << 10, 32 << 10
	step := 16
	if size > large {
		step = page
	} else if size > 128 {
		step = 1 << (bits.Len(uint(size-1)) - 4)
	}
	return (size + step - 1) / step * step
}

// weighGrown tells the cache of what was made of a response to be kept with it.
func (c *Composer) weighGrown(r *response) {
	if r.derived != nil && r.derived.grew() {
		c.weighAgain(r)
	}
}

// weighPieces tells the cache of the parts of a page that were compressed to be
// kept.
func (c *Composer) weighPieces(pieces []piece) {
	for _, p := range pieces {
		if p.kept != nil {
			c.weighGrown(p.kept)
		}
	}
}

// in returns an answer in the charset of the page.
func (v *visit) in(ctx context.Context, answer *response) (*response, error) {
	defer v.weighGrown(answer)
	return answer.in(ctx, v.output.charset)
}

// weighAgain tells the cache that something was made of a response that it
// keeps, if it does.
func (c *Composer) weighAgain(r *response) {
	if c.cache == nil || r.Backend == nil {
		return
	}
	c.cache.mu.Lock()
	defer c.cache.mu.Unlock()
	if e := c.cache.lookup(r.key); e != nil && e.newest != nil {
		c.cache.entries.Set(r.key, e)
	}
}
