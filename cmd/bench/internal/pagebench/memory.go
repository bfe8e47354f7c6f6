//go:build linux

package pagebench

import (
	"context"

	"selvedge/cmd/bench/internal/report"
	"selvedge/cmd/bench/internal/systemundertest"
)

// MeasureMemory measures the memory of stored fragments, in a process of its
// own. It needs no systems, and is done once and not in each round.
func (b *Bench) MeasureMemory(ctx context.Context) error {
	p, err := systemundertest.StartPages(ctx, b.stderr, systemundertest.Composed)
	if err != nil {
		return err
	}
	defer p.Kill()
	stored := b.plan.StoredFragments
	var memory systemundertest.CacheMemory
	if err := p.Call("CacheMemory", stored, &memory); err != nil {
		return err
	}
	b.validity.Require(memory.Refetched == 0, "%d of %d fragments were not stored", memory.Refetched, stored)
	b.samples.add(Memory, composedSystem, sizeFigure, float64(memory.Bytes)/float64(stored*systemundertest.StoredFragmentSize))
	return nil
}

func (b *Bench) memoryLines() []report.Line {
	ratio := b.samples.median(Memory, composedSystem, sizeFigure)
	return []report.Line{report.Goal("memory of stored fragments of 1 KB, by their bytes", ratio, "×", report.AtMost(1.5))}
}
