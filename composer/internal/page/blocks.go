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

// Neighboring parts of a page are compressed together if they are stored, and the same
// for all visitors: thirty small fragments of one kind take a third of the bytes of
// separate compression. The compression runs in the background, for neighbors that have
// been in two pages. Parts are compressed separately
//
//   - before that,
//   - on both sides of a variable or of a visitor's own part.

const (
	// minBlock is the minimum length of neighbors kept as a block, in bytes.
	minBlock = 512
	// blockShare is the divisor of the cache's size for the memory of the blocks,
	// including their texts. This memory is in addition to the cache.
	blockShare = 8
	// maxFixed is the maximum length, in bytes, of a text whose bytes are compared if its
	// address differs. A longer text is compared by its address alone.
	maxFixed = 256
)

// block is neighboring texts, compressed as a single text.
type block struct {
	texts  [][]byte
	packed atomic.Pointer[encoding.Block] // nil while the texts have been in one page only
}

// holds reports whether the block consists of these pieces. Stored texts have the same
// address in each page.
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

// weight returns the approximate memory size of the block. It includes the texts, because
// they may have left the cache.
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

// blockKey identifies a block by its ends and its length. After a change between the
// ends, the block with the changed text replaces the previous block.
type blockKey struct {
	first, last textKey
	n           int
}

// blocks are the blocks of the pages sent last. They are safe for concurrent use.
type blocks struct {
	kept *otter.Cache[blockKey, *block]

	mu      sync.Mutex
	busy    bool // a block is being compressed
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

// find returns neighbors compressed as a block, or nil if they have to be compressed
// separately.
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

// compress compresses a block in the background, unless another block is being
// compressed.
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
					return known, otter.WriteOp // weighs the block again
				}
				return current, otter.CancelOp
			})
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		b.busy = false
	})
}

// close waits until all work in the background has ended.
func (b *blocks) close() {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	b.working.Wait()
}

// sharedPrefix returns the number of pieces at the beginning that may be in a block, and
// their length in bytes.
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

// isShared reports whether the piece is stored, and is for all visitors.
func (p piece) isShared() bool {
	return p.response != nil && p.response.Policy.Flags&(cachepolicy.Private|cachepolicy.Personal) == 0
}

// appendPieces appends pieces of a page, compressed. The pieces are
//
//   - blocks,
//   - stored texts compressed separately,
//   - the texts between these two, compressed for this page.
func (a *Assembler) appendPieces(s *encoding.Joiner, dst []byte, pieces []piece) []byte {
	loose := 0 // index of the first piece to compress for this page
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

// appendKept appends neighbors, as a block if there is a block. Otherwise each text is
// compressed separately, and once.
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

// reweighPieces has the cache weigh the responses of compressed texts again.
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

// WaitCompressed waits until no block is being compressed.
func (a *Assembler) WaitCompressed() { a.blocks.working.Wait() }

// BlocksWeight returns the approximate memory size of all blocks, in bytes.
func (a *Assembler) BlocksWeight() uint64 {
	a.blocks.kept.CleanUp()
	return a.blocks.kept.WeightedSize()
}
