// Package history remembers which products the visitors of a shop have looked at
// last. It does so in memory, for as long as the process runs and for a bounded
// number of visitors.
package history

import (
	"slices"
	"sync"
)

// length is how many products are remembered of a visitor.
const length = 8

// History is what visitors have looked at. It can be used by several goroutines.
type History struct {
	half int // of the visitors that are remembered

	mu sync.Mutex
	// Visitors with the ids of products, the last one first. When latest is full, it
	// becomes earlier, and the visitors that have not come back since are forgotten.
	latest, earlier map[string][]int64
}

// New returns an empty history of up to n visitors, of which the last n/2 are
// remembered for certain.
func New(n int) *History {
	return &History{half: n / 2, latest: make(map[string][]int64)}
}

// Visit remembers that a visitor looks at a product, and returns the other ones
// that the visitor has looked at, the last one first.
func (h *History) Visit(visitor string, product int64) []int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	all, known := h.latest[visitor]
	if !known {
		all = h.earlier[visitor]
		if len(h.latest) >= h.half {
			h.latest, h.earlier = make(map[string][]int64), h.latest
		}
	}
	others := make([]int64, 0, length)
	for _, id := range all {
		if id != product {
			others = append(others, id)
		}
	}
	h.latest[visitor] = append([]int64{product}, others[:min(len(others), length-1)]...)
	return slices.Clip(others)
}
