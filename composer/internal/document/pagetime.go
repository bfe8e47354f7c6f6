package document

import (
	"sync/atomic"
	"time"
)

// FrameTime is how long a display shows a frame. Nobody sees a part of a page that
// arrives within a frame any earlier, and one piece costs server and browser less than
// three. So the pieces of a page leave a frame apart, and a page that is likely to be
// complete within its first frame has its length and its ETag.
const FrameTime = 16 * time.Millisecond

// maxPageTime bounds the effect of one page on the average.
const maxPageTime = 4 * FrameTime

// movingAverage is a moving average of durations. It is zero before the first one.
type movingAverage struct{ nanoseconds atomic.Int64 }

func (a *movingAverage) add(d time.Duration) {
	before := time.Duration(a.nanoseconds.Load())
	if d = min(d, maxPageTime); before > 0 {
		d = before + (d-before)/4
	}
	a.nanoseconds.Store(int64(d)) // a concurrent add may be lost
}

// AddPageTime notes how long a page of the template took that had to wait.
func (d *Document) AddPageTime(took time.Duration) { d.makeArtifacts().pageTime.add(took) }

// IsSoonComplete reports whether pages of the template are likely to be complete within
// a frame.
func (d *Document) IsSoonComplete() bool {
	a := d.artifacts.Load()
	if a == nil {
		return false
	}
	average := a.pageTime.nanoseconds.Load()
	return average > 0 && average <= int64(FrameTime)
}
