package composer

import "sync"

// pageLists are the lists that every page fills, for the next one to use.
type pageLists struct {
	parts   []part
	pieces  []piece
	timings []timing
	views   []seen
	text    []byte // of header fields
}

// maxList is the length above which a list is not kept.
const maxList = 1024

// maxText is the same for the text of a header, in bytes.
const maxText = 16 << 10

var lists = sync.Pool{New: func() any { return new(pageLists) }}

// borrow gives the visit lists to fill.
func (v *visit) borrow() {
	v.lists = lists.Get().(*pageLists)
	v.output.pieces, v.timings.list = v.lists.pieces[:0], v.lists.timings[:0]
	v.top.parts, v.views, v.output.values.Text = v.lists.parts[:0], v.lists.views[:0], v.lists.text[:0]
}

// giveBack gives them back, without what they hold.
func (v *visit) giveBack() {
	l := pageLists{v.top.parts, v.output.pieces, v.timings.list, v.views, v.output.values.Text}
	v.top.parts, v.output.pieces, v.timings.list, v.views, v.output.values.Text = nil, nil, nil, nil, nil
	if cap(l.parts) > maxList || cap(l.pieces) > maxList || cap(l.timings) > maxList || cap(l.views) > maxList || cap(l.text) > maxText {
		return
	}
	clear(l.parts[:cap(l.parts)])
	clear(l.pieces[:cap(l.pieces)])
	clear(l.timings[:cap(l.timings)])
	clear(l.views[:cap(l.views)])
	*v.lists = l
	lists.Put(v.lists)
}
