package composer

import "sync"

// pageLists are the lists that every page fills, for the next one to use.
type pageLists struct {
	pieces  []piece
	timings []timing
}

// maxList is the length above which a list is not kept.
const maxList = 1024

var lists = sync.Pool{New: func() any { return new(pageLists) }}

// borrow gives the visit lists to fill.
func (v *visit) borrow() {
	v.lists = lists.Get().(*pageLists)
	v.output.pieces, v.timings.list = v.lists.pieces[:0], v.lists.timings[:0]
}

// giveBack gives them back, without what they hold.
func (v *visit) giveBack() {
	pieces, timings := v.output.pieces, v.timings.list
	v.output.pieces, v.timings.list = nil, nil
	if cap(pieces) > maxList || cap(timings) > maxList {
		return
	}
	clear(pieces[:cap(pieces)])
	clear(timings[:cap(timings)])
	v.lists.pieces, v.lists.timings = pieces, timings
	lists.Put(v.lists)
}
