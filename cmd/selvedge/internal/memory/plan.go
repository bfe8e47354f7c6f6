package memory

import (
	"log/slog"
	"math"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"time"

	"github.com/KimMachineGun/automemlimit/memlimit"

	"selvedge/cmd/selvedge/internal/flags"
)

const (
	// Base and PerCache estimate the memory of a process: Base bytes, and PerCache bytes
	// for each byte of the cache. The cache itself takes one byte of PerCache; pages in
	// work and garbage take the rest.
	Base     = 64 << 20
	PerCache = 3
)

const (
	// cgroupShare is the part of a cgroup's limit for the Go runtime. The stacks of C, the
	// page cache and the other processes of the cgroup need the rest.
	cgroupShare = 0.9

	// heapShare is the part of the memory for a heap with the least garbage.
	heapShare = 0.7

	minGC = 100 // percent of garbage, as of GOGC
	maxGC = 400

	tuneInterval = time.Second
)

// Plan is the memory that a process may use.
type Plan struct {
	Limit int64 // bytes; 0: no limit
	total int64 // bytes: Limit, or an estimate for the size of the cache
}

// New returns the plan for a limit and the size of the cache, both in MiB. A limit of 0 is
// that of the cgroup. A limit below the needs of the cache is an error if it was chosen, and
// a warning in the log if it is that of a cgroup. The error is a flags.UsageError.
func New(limit, cacheSize int, logger *slog.Logger) (Plan, error) {
	plan := newPlan(limit, cacheSize, memlimit.FromCgroup)
	if needed := Base + int64(cacheSize)<<20*5/4; plan.Limit > 0 && plan.Limit < needed {
		err := flags.Errorf("%d MiB of memory are too few for --cache-size %d, which needs %d at least", plan.Limit>>20, cacheSize, needed>>20)
		if limit > 0 {
			return Plan{}, err
		}
		logger.Warn("the memory limit of the cgroup is low", slog.Any("err", err))
	}
	return plan, nil
}

// newPlan returns the plan, with a function for the limit of the cgroup.
func newPlan(mebibytes, cacheSize int, fromCgroup func() (uint64, error)) Plan {
	limit := int64(mebibytes) << 20
	if limit == 0 {
		ofCgroup, err := fromCgroup()
		if err == nil && ofCgroup < math.MaxInt64 {
			limit = int64(cgroupShare * float64(ofCgroup))
		}
	}
	plan := Plan{Limit: limit, total: limit}
	if limit == 0 {
		plan.total = Base + PerCache*int64(cacheSize)<<20
	}
	return plan
}

// gcPercent returns the garbage that may exist before a collection, in percent of the
// live heap: as much as keeps the heap within heapShare of the total. A process with a
// small heap collects seldom, and saves the time.
func (p Plan) gcPercent(live uint64) int {
	room := heapShare*float64(p.total)/max(float64(live), 1) - 1
	return int(min(max(room*100, minGC), maxGC))
}

// Follow sets the garbage collector by the plan until stop is called. GOGC and GOMEMLIMIT
// in the environment have precedence, because they are the choice of the operator.
func (p Plan) Follow() (stop func()) {
	var undo []func()
	if p.Limit > 0 && os.Getenv("GOMEMLIMIT") == "" {
		before := debug.SetMemoryLimit(p.Limit)
		undo = append(undo, func() { debug.SetMemoryLimit(before) })
	}
	if os.Getenv("GOGC") == "" {
		before := debug.SetGCPercent(p.gcPercent(liveHeap()))
		done := make(chan struct{})
		var tuning sync.WaitGroup
		tuning.Go(func() { p.tune(done) })
		undo = append(undo, func() {
			close(done)
			tuning.Wait()
			debug.SetGCPercent(before)
		})
	}
	return func() {
		for _, f := range undo {
			f()
		}
	}
}

// tune sets the garbage collector again as the heap grows and shrinks, until done is
// closed.
func (p Plan) tune(done <-chan struct{}) {
	ticker := time.NewTicker(tuneInterval)
	defer ticker.Stop()
	current := -1
	for {
		select {
		case <-done:
			return
		case <-ticker.C:
		}
		if percent := p.gcPercent(liveHeap()); percent != current {
			debug.SetGCPercent(percent)
			current = percent
		}
	}
}

// liveHeap returns the bytes in use at the last garbage collection.
func liveHeap() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
