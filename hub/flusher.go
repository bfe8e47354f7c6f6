package hub

import (
	"sync"
	"sync/atomic"
	"time"
)

// A flusher writes to connections in rounds. A round takes all connections
// marked before its start. Each connection is in a round once, which bounds the
// queue: a connection that changes often is written to once a round. A round
// starts at once, but not within Options.Tick of the start of a round with
// writes.
type flusher struct {
	mu          sync.Mutex
	marked      []*connection
	wakeUp      chan struct{} // of capacity one: a connection is marked
	workers     []*worker
	roundNumber uint64 // of the current round
}

// mark has connections flushed in the next round, all of them in the same
// round: marked separately, the first few would start a round and the rest
// would wait for a tick.
func (f *flusher) mark(connections ...*connection) {
	f.mu.Lock()
	before := len(f.marked)
	for _, c := range connections {
		if !c.queued.Load() && c.queued.CompareAndSwap(false, true) {
			f.marked = append(f.marked, c)
		}
	}
	marked := len(f.marked) > before
	f.mu.Unlock()
	if !marked {
		return
	}
	select {
	case f.wakeUp <- struct{}{}:
	default:
	}
}

// takeMarked returns the marked connections, and replaces them by an empty
// slice.
func (f *flusher) takeMarked(empty []*connection) []*connection {
	f.mu.Lock()
	defer f.mu.Unlock()
	marked := f.marked
	f.marked = empty
	return marked
}

// runRounds runs rounds until done is closed.
func (f *flusher) runRounds(done <-chan struct{}, tick time.Duration) {
	var spare []*connection
	pause := time.NewTimer(0)
	defer pause.Stop()
	for {
		select {
		case <-done:
			return
		case <-f.wakeUp:
		}
		select {
		case <-done:
			return
		case <-pause.C:
		}
		start := time.Now()
		marked := f.takeMarked(spare[:0])
		if wrote := f.round(marked); wrote {
			pause.Reset(tick - time.Since(start))
		} else {
			pause.Reset(0)
		}
		clear(marked)
		spare = marked
	}
}

// chunkSize is the number of connections that a worker takes at a time.
const chunkSize = 32

// round flushes the connections, with as many workers as there are chunks, and
// reports whether bytes were written.
func (f *flusher) round(connections []*connection) bool {
	f.roundNumber++
	var next atomic.Int64
	var wrote atomic.Bool
	work := func(w *worker) {
		w.roundNumber = f.roundNumber
		for {
			from := int(next.Add(chunkSize)) - chunkSize
			if from >= len(connections) {
				break
			}
			for _, c := range connections[from:min(from+chunkSize, len(connections))] {
				c.flush(w)
			}
		}
		if w.reportStats() {
			wrote.Store(true)
		}
	}
	var others sync.WaitGroup
	for i := 1; i < len(f.workers) && i*chunkSize < len(connections); i++ {
		others.Go(func() { work(f.workers[i]) })
	}
	work(f.workers[0])
	others.Wait()
	return wrote.Load()
}
