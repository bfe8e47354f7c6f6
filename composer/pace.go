package composer

import (
	"sync/atomic"
	"time"
)

// frame is how long a display shows a picture. Nobody sees what comes meanwhile
// any earlier, and in one piece it costs the server and the reader less than in
// three. So the pieces of a page leave a frame apart, and a page that is likely
// to be complete within the first has its length and its ETag.
const frame = 16 * time.Millisecond

// pace is how long the pages of a template take that have to wait for anything,
// as a moving average in nanoseconds. Zero says that it is not known. It is safe
// for concurrent use.
type pace struct{ average atomic.Int64 }

// slowest bounds what one page says about the next ones.
const slowest = 4 * frame

func (p *pace) learn(took time.Duration) {
	before := time.Duration(p.average.Load())
	if took = min(took, slowest); before > 0 {
		took = before + (took-before)/4
	}
	p.average.Store(int64(took)) // that of another page may be lost
}

func (p *pace) isWithin(time time.Duration) bool {
	average := p.average.Load()
	return average > 0 && average <= int64(time)
}

// time remembers how long a page took that had to wait, for the next one of its
// template, if that is stored.
func (o *output) time() {
	if o.turns > 0 && o.use.forward == "" && o.template.derived != nil {
		o.template.derived.more().pace.learn(time.Since(o.v.now))
	}
}

// isSoonComplete reports whether pages of the template are likely to be complete
// within a frame.
func (r *response) isSoonComplete() bool {
	if r.derived == nil {
		return false
	}
	later := r.derived.later.Load()
	return later != nil && later.pace.isWithin(frame)
}
