package document

import (
	"sync/atomic"
	"time"
)

// FrameTime is the time for which a display shows a frame. All parts of a page that
// arrive within a frame become visible together, and a single write costs server and
// browser less than three writes. The pieces of a page are therefore sent a frame apart.
// A page that is likely to be complete within its first frame is sent with its length and
// its ETag.
const FrameTime = 16 * time.Millisecond

// maxPageTime limits the effect of one page on the average.
const maxPageTime = 4 * FrameTime

// movingAverage is a moving average of durations. It is zero before the first duration.
type movingAverage struct{ nanoseconds atomic.Int64 }

func (a *movingAverage) add(d time.Duration) {
	before := time.Duration(a.nanoseconds.Load())
	if d = min(d, maxPageTime); before > 0 {
		d = before + (d-before)/4
	}
	a.nanoseconds.Store(int64(d)) // a concurrent add may be lost
}

// AddPageTime records the duration of a page of the template that had to wait.
func (d *Document) AddPageTime(took time.Duration) { d.makeArtifacts().pageTime.add(took) }

// IsSoonComplete reports whether pages of the template are likely to be complete within a
// frame.
func (d *Document) IsSoonComplete() bool {
	a := d.artifacts.Load()
	if a == nil {
		return false
	}
	average := a.pageTime.nanoseconds.Load()
	return average > 0 && average <= int64(FrameTime)
}
