package page

import "sync"

// pageBuffers are the slices filled by every page. They are kept for the next page.
type pageBuffers struct {
	states  []segmentState
	pieces  []piece
	timings []timing
	views   []viewCandidate
	text    []byte // of header fields
}

const (
	maxBufferedElements = 1024     // a longer slice is not kept
	maxBufferedText     = 16 << 10 // bytes; a longer text is not kept
)

var buffersPool = sync.Pool{New: func() any { return new(pageBuffers) }}

// takeBuffers gives the page request slices to fill.
func (pr *pageRequest) takeBuffers() {
	b := buffersPool.Get().(*pageBuffers)
	pr.buffers = b
	pr.writer.pieces, pr.timings.list = b.pieces[:0], b.timings[:0]
	pr.top.states, pr.views, pr.writer.fields.Text = b.states[:0], b.views[:0], b.text[:0]
}

// returnBuffers returns the slices to the pool, empty.
func (pr *pageRequest) returnBuffers() {
	b := pageBuffers{pr.top.states, pr.writer.pieces, pr.timings.list, pr.views, pr.writer.fields.Text}
	pr.top.states, pr.writer.pieces, pr.timings.list, pr.views, pr.writer.fields.Text = nil, nil, nil, nil, nil
	if cap(b.states) > maxBufferedElements || cap(b.pieces) > maxBufferedElements || cap(b.timings) > maxBufferedElements ||
		cap(b.views) > maxBufferedElements || cap(b.text) > maxBufferedText {
		return
	}
	clear(b.states[:cap(b.states)])
	clear(b.pieces[:cap(b.pieces)])
	clear(b.timings[:cap(b.timings)])
	clear(b.views[:cap(b.views)])
	*pr.buffers = b
	buffersPool.Put(pr.buffers)
}

// textPool holds buffers for pages while they are written.
var textPool = sync.Pool{New: func() any {
	b := make([]byte, 0, 64<<10)
	return &b
}}
