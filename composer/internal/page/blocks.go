package page

import (
	"bytes"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/maypok86/otter/v2"

	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/cachepolicy"
	"selvedge/composer/internal/document"
	"selvedge/composer/internal/encoding"
)

// Neighboring parts of a page that are stored, and the same for all visitors,
// are compressed together: thirty small fragments of one kind take a third of
// what they take when each is compressed alone. That is done in the background,
// for neighbors that have been in two pages. Until then, and wherever a variable
// or a visitor's own part stands between, parts are compressed alone.

const (
	// minBlock is the length of neighbors, in bytes, from which they are kept as
	// a block.
	minBlock = 512
	// blockShare is one in how many bytes of the cache's size the blocks have,
	// with the texts that they were made of, beside it.
	blockShare = 8
	// maxFixed is the length of a text, in bytes, up to which a block compares
	// its bytes where its address differs.
	maxFixed = 256
)

// block is neighboring texts, compressed as one text.
type block struct {
	texts  [][]byte
	packed atomic.Pointer[encoding.Block] // nil: the texts were in one page so far
}

// holds reports whether the block is of these pieces. Texts that are kept have
// the same address in each page.
func (b *block) holds(pieces []piece) bool {
	if len(b.texts) != len(pieces) {
		return false
	}
	for i, text := range b.texts {
		other := pieces[i].text
		if len(text) != len(other) || &text[0] != &other[0] && (len(text) > maxFixed || !bytes.Equal(text, other)) {
			return false
		}
	}
	return true
}

func (b *block) pack() {
	packed := encoding.Deflate(bytes.Join(b.texts, nil), encoding.StoredLevel)
	b.packed.Store(&packed)
}

// weight is about how much memory the block takes. Its texts count: they may
// have left the cache.
func (b *block) weight() uint32 {
	weight := cache.EntryWeight(0) + int(unsafe.Sizeof(*b)) + cache.AllocatedSize(len(b.texts)*int(unsafe.Sizeof([]byte(nil))))
	for _, text := range b.texts {
		weight += len(text)
	}
	if packed := b.packed.Load(); packed != nil {
		weight += cache.AllocatedSize(int(unsafe.Sizeof(*packed))) + cache.AllocatedSize(len(packed.Bytes))
	}
	return uint32(weight)
}

// blockKey tells blocks apart, but for what stands in the middle. So neighbors of
// which one has changed take the place of those before.
type blockKey struct {
	first, last textKey
	n           int
}

// blocks are the blocks of the pages that were sent last. They are safe for
// concurrent use.
type blocks struct {
	kept *otter.Cache[blockKey, *block]

	mu      sync.Mutex
	busy    bool // one is being compressed
	closed  bool
	working sync.WaitGroup
}

func newBlocks(cacheSize int) (*blocks, error) {
	b := new(blocks)
	var err error
	b.kept, err = otter.New(&otter.Options[blockKey, *block]{
		MaximumWeight: uint64(cacheSize / blockShare),
		Weigher:       func(_ blockKey, b *block) uint32 { return b.weight() },
	})
	return b, err
}

// find returns what neighbors are when compressed as one, or nil if they have to
// be compressed alone.
func (b *blocks) find(pieces []piece) *encoding.Block {
	first, last := pieces[0].text, pieces[len(pieces)-1].text
	key := blockKey{textKey{&first[0], len(first)}, textKey{&last[0], len(last)}, len(pieces)}
	known, _ := b.kept.GetIfPresent(key)
	if known == nil || !known.holds(pieces) {
		known = &block{texts: make([][]byte, len(pieces))}
		for i, p := range pieces {
			known.texts[i] = p.text
		}
		b.kept.Set(key, known)
		return nil
	}
	packed := known.packed.Load()
	if packed == nil {
		b.compress(key, known)
	}
	return packed
}

// compress compresses a block in the background, if no other is being compressed.
func (b *blocks) compress(key blockKey, known *block) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.busy || b.closed {
		return
	}
	b.busy = true
	b.working.Go(func() {
		if known.packed.Load() == nil {
			known.pack()
			b.kept.ComputeIfPresent(key, func(current *block) (*block, otter.ComputeOp) {
				if current == known {
					return known, otter.WriteOp // weighs it again
				}
				return current, otter.CancelOp
			})
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		b.busy = false
	})
}

// close returns when nothing is done in the background any more.
func (b *blocks) close() {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	b.working.Wait()
}

// sharedPrefix returns how many pieces at the beginning may be in a block, and their
// length in bytes.
func sharedPrefix(pieces []piece) (n, size int) {
	length := 0
	for i, p := range pieces {
		if !p.isShared() && (i == 0 || !p.isConstant) {
			break
		}
		length += len(p.text)
		if p.response != nil {
			n, size = i+1, length
		}
	}
	return n, size
}

// isShared reports whether the piece is kept, and is not one visitor's.
func (p piece) isShared() bool {
	return p.response != nil && p.response.Policy.Flags&(cachepolicy.Private|cachepolicy.Personal) == 0
}

// appendPieces appends pieces of a page, compressed: blocks, what is kept alone,
// and what is compressed on its way, which is all that stands between those two.
func (a *Assembler) appendPieces(s *encoding.Joiner, dst []byte, pieces []piece) []byte {
	loose := 0 // the first that is to be compressed on its way
	for i := 0; i < len(pieces); {
		n, size := sharedPrefix(pieces[i:])
		isLoose := false
		switch {
		case n == 0:
			n, isLoose = 1, pieces[i].response == nil || len(pieces[i].text) < encoding.MinDeflated
		case size < minBlock:
			isLoose = loose < i || i+n < len(pieces) && pieces[i+n].response == nil
		}
		if !isLoose {
			dst = encoding.AppendTexts(s, dst, pieces[loose:i], encoding.StreamLevel)
			dst = a.appendKept(s, dst, pieces[i:i+n], size)
			loose = i + n
		}
		i += n
	}
	return encoding.AppendTexts(s, dst, pieces[loose:], encoding.StreamLevel)
}

// appendKept appends neighbors, as a block if there is one. Each is compressed
// once, otherwise.
func (a *Assembler) appendKept(s *encoding.Joiner, dst []byte, pieces []piece, size int) []byte {
	if len(pieces) > 1 && size >= minBlock && a.blocks != nil {
		if packed := a.blocks.find(pieces); packed != nil {
			return s.AppendBlock(dst, *packed)
		}
	}
	for _, p := range pieces {
		if p.response == nil || len(p.text) < encoding.MinDeflated {
			dst = s.AppendText(dst, p.text, encoding.StreamLevel)
		} else {
			dst = s.AppendBlock(dst, document.Of(p.response).Deflate(p.text))
		}
	}
	return dst
}

// textKey identifies a text by its address.
type textKey struct {
	first  *byte
	length int
}

// reweighPieces has the cache weigh the responses again whose texts were compressed.
func (a *Assembler) reweighPieces(pieces []piece) {
	for _, p := range pieces {
		if p.response != nil {
			a.reweighGrown(p.response)
		}
	}
}

// appendGzip appends a whole page, compressed.
func (a *Assembler) appendGzip(dst []byte, pieces []piece) []byte {
	var j encoding.Joiner
	dst = j.Begin(dst)
	dst = a.appendPieces(&j, dst, pieces)
	a.reweighPieces(pieces)
	return j.End(dst)
}

// WaitCompressed returns when no block is being compressed.
func (a *Assembler) WaitCompressed() { a.blocks.working.Wait() }

// BlocksWeight returns about how much memory all blocks take, in bytes.
func (a *Assembler) BlocksWeight() uint64 {
	a.blocks.kept.CleanUp()
	return a.blocks.kept.WeightedSize()
}
