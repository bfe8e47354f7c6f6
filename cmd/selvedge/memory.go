package main

import (
	"fmt"
	"log/slog"
	"math"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"time"

	"github.com/KimMachineGun/automemlimit/memlimit"
	"github.com/urfave/cli/v3"
)

const (
	// baseMemory and memoryPerCache estimate what a process takes in all: the
	// first, and the second for each byte of the cache. The rest of the cache's
	// share is pages in demand, and garbage that was not collected yet.
	baseMemory     = 64 << 20
	memoryPerCache = 3

	// cgroupShare is the part of a cgroup's limit that the Go runtime may use.
	// Stacks of C, the page cache and other processes need the rest.
	cgroupShare = 0.9

	// heapShare is the part of the memory that the heap may fill before it is
	// collected with the least garbage.
	heapShare = 0.7

	minGC = 100 // percent of garbage, as of GOGC
	maxGC = 400

	tuneInterval = time.Second
)

func memoryFlag() cli.Flag {
	return &cli.IntFlag{
		Name:    "memory",
		Usage:   "limit of the memory of the process, in MiB, which it collects garbage to stay below; 0: 90 % of its cgroup's",
		Sources: fromEnvironment("memory"),
	}
}

// memoryPlan is how much memory a process is to use.
type memoryPlan struct {
	limit int64 // bytes; 0: there is none
	total int64 // bytes: the limit, or an estimate for the size of the cache
}

// planMemory reads --memory, and asks the cgroup if it is 0.
func planMemory(c *cli.Command, fromCgroup func() (uint64, error)) (memoryPlan, error) {
	mebibytes := c.Int("memory")
	if mebibytes < 0 || mebibytes > maxCacheSize {
		return memoryPlan{}, usageError{fmt.Errorf("--memory is a number of MiB from 0 to %d, and not %d", maxCacheSize, mebibytes)}
	}
	limit := int64(mebibytes) << 20
	if limit == 0 {
		ofCgroup, err := fromCgroup()
		if err == nil && ofCgroup < math.MaxInt64 {
			limit = int64(cgroupShare * float64(ofCgroup))
		}
	}
	plan := memoryPlan{limit: limit, total: limit}
	if limit == 0 {
		plan.total = baseMemory + memoryPerCache*int64(c.Int("cache-size"))<<20
	}
	return plan, nil
}

// gcPercent returns how much garbage, in percent of what is live, may be there
// before it is collected: as much as keeps the heap within heapShare of the
// total. A process that keeps little collects seldom, and saves the time.
func (p memoryPlan) gcPercent(live uint64) int {
	room := heapShare*float64(p.total)/max(float64(live), 1) - 1
	return int(min(max(room*100, minGC), maxGC))
}

// follow has the garbage collector follow the plan until stop is called. GOGC
// and GOMEMLIMIT in the environment are the operator's word, and are left alone.
func (p memoryPlan) follow() (stop func()) {
	var undo []func()
	if p.limit > 0 && os.Getenv("GOMEMLIMIT") == "" {
		before := debug.SetMemoryLimit(p.limit)
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

// tune sets the collector anew as the heap grows and shrinks, until done is
// closed.
func (p memoryPlan) tune(done <-chan struct{}) {
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

// liveHeap returns the bytes that the last garbage collection found in use.
func liveHeap() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// manageMemory reads --memory and begins to follow it.
func (p *process) manageMemory(c *cli.Command) error {
	plan, err := planMemory(c, memlimit.FromCgroup)
	if err != nil {
		return err
	}
	if needed := baseMemory + int64(c.Int("cache-size"))<<20*5/4; plan.limit > 0 && plan.limit < needed {
		err := fmt.Errorf("%d MiB of memory are too few for --cache-size %d, which needs %d at least", plan.limit>>20, c.Int("cache-size"), needed>>20)
		if c.Int("memory") > 0 {
			return usageError{err}
		}
		p.logger.Warn("the memory limit of the cgroup is low", slog.Any("err", err))
	}
	p.stopMemory = plan.follow()
	p.memory = plan
	return nil
}
