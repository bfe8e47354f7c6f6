//go:build linux

package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"selvedge/cmd/bench/internal/loadgen"
	"selvedge/cmd/bench/internal/report"
	"selvedge/cmd/bench/internal/systemundertest"
	"selvedge/cmd/bench/internal/workload"
)

// measureRates measures how many pages per second some systems give to all
// visitors together.
func (b *pageBench) measureRates(row string, k workload.Kind, names ...string) func(context.Context) error {
	return func(ctx context.Context) error {
		for _, s := range b.present(names...) {
			seen, err := b.visit(ctx, row, s, k, workload.Usual, b.connections, b.measure)
			if err != nil {
				return err
			}
			b.add(row, s.name, rateFigure, seen.Rate())
			b.add(row, s.name, costFigure, seen.ServerCost())
			b.add(row, s.name, totalFigure, seen.TotalCost())
		}
		return nil
	}
}

// measureSlow measures how long one visitor waits for a page whose fragments
// take their time, and for its first byte.
func (b *pageBench) measureSlow(ctx context.Context) error {
	for _, s := range b.present(proxySystem, composedSystem, nginxSystem, varnishSystem) {
		seen, err := b.visit(ctx, slowRow, s, workload.Slow, workload.Usual, 1, b.measure)
		if err != nil {
			return err
		}
		b.add(slowRow, s.name, timeFigure, report.Milliseconds(report.Quantile(seen.Latencies, 0.5)))
		b.add(slowRow, s.name, firstFigure, report.Milliseconds(report.Quantile(seen.FirstBytes, 0.5)))
	}
	return nil
}

// measureGrowth measures the processor time of pages that are larger, or
// include more.
func (b *pageBench) measureGrowth(ctx context.Context) error {
	for _, w := range slices.Concat(workload.ByIncludes, workload.BySize) {
		for _, s := range b.present(bareSystem, proxySystem, composedSystem) {
			seen, err := b.visit(ctx, w.String(), s, workload.Cached, w, b.connections, b.measure/3)
			if err != nil {
				return err
			}
			b.add(w.String(), s.name, costFigure, seen.ServerCost())
		}
	}
	return nil
}

// measureAllocations counts what a cached page allocates in process, more
// than a page of the bare handler does: both are asked for over connections,
// so that what we make net/http allocate counts too.
func (b *pageBench) measureAllocations(ctx context.Context) error {
	for _, s := range b.present(bareSystem, composedSystem) {
		var before, after uint64
		if err := s.process.Call("Allocations", nil, &before); err != nil {
			return err
		}
		seen, err := b.visit(ctx, allocationsRow, s, workload.Cached, workload.Usual, b.connections, b.measure/3)
		if err != nil {
			return err
		}
		if err := s.process.Call("Allocations", nil, &after); err != nil {
			return err
		}
		b.add(allocationsRow, s.name, countFigure, float64(after-before)/float64(seen.Total))
	}
	return nil
}

// measureKept measures the memory of stored fragments, in a process of its
// own.
func (b *pageBench) measureKept(ctx context.Context) error {
	p, err := systemundertest.StartPages(ctx, b.stderr, systemundertest.Composed)
	if err != nil {
		return err
	}
	defer p.Kill()
	var memory systemundertest.CacheMemory
	if err := p.Call("CacheMemory", b.stored, &memory); err != nil {
		return err
	}
	b.Require(memory.Refetched == 0, "%d of %d fragments were not stored", memory.Refetched, b.stored)
	b.add(memoryRow, composedSystem, sizeFigure, float64(memory.Bytes)/float64(b.stored*systemundertest.StoredFragmentSize))
	return nil
}

// visit visits a system, and requires that nothing went wrong and that the
// clients were not what was measured.
func (b *pageBench) visit(ctx context.Context, row string, s *system, k workload.Kind, w workload.Page, n int, measure time.Duration) (loadgen.Sample, error) {
	stop, err := b.profiled(row, s)
	if err != nil {
		return loadgen.Sample{}, err
	}
	var before, after int64
	if err := s.source.Call("Requests", nil, &before); err != nil {
		return loadgen.Sample{}, err
	}
	seen, err := loadgen.Run(ctx, loadgen.Load{
		Connections: n, Server: s.address, Path: workload.PagePath(k, w, s.form), BodySize: w.Size,
		WarmUp: b.warm, Duration: measure, ServerPID: s.pid, OriginPID: b.systems.origin.PID(),
	})
	if err != nil {
		return seen, err
	}
	if err := s.source.Call("Requests", nil, &after); err != nil {
		return loadgen.Sample{}, err
	}
	b.say("  %s, %s: %.0f pages/s, of which the clients used %.0f %% of a processor", row, s.name, seen.Rate(), 100*seen.ClientShare())
	b.requireSample(row, s.name, seen)
	if s.name != bareSystem && w == workload.Usual {
		b.requireMade(row, s.name, k, int(after-before), seen.Total)
	}
	return seen, stop()
}

// profiled has a system write a profile until stop is called, if the plan says
// so and the system is ours and this program.
func (b *pageBench) profiled(row string, s *system) (stop func() error, err error) {
	if b.profiles == "" || s.name != composedSystem {
		return func() error { return nil }, nil
	}
	file := filepath.Join(b.profiles, fmt.Sprintf("%02d-%s.prof", b.round+1, row))
	return func() error { return s.process.Call("Profile", "", nil) }, s.process.Call("Profile", file, nil)
}

// requireSample notes what makes a sample worthless.
func (b *pageBench) requireSample(row, system string, seen loadgen.Sample) {
	b.Require(seen.Errors == 0, "%s, %s: %d errors: %v", row, system, seen.Errors, seen.FirstError)
	b.Require(len(seen.Latencies) > 0, "%s, %s: no page came", row, system)
	b.Require(seen.ClientShare() <= b.busiest, "%s, %s: the clients used %.0f %% of a processor", row, system, 100*seen.ClientShare())
}

// requireMade notes a system that did not do what the row is about: of stored
// pages, which the comparison has seen before, nothing is made again, and of
// others each fragment is, for each page.
func (b *pageBench) requireMade(row, system string, k workload.Kind, made, pages int) {
	if k == workload.Cached {
		b.Require(made == 0, "%s, %s: %d templates and fragments were made for %d stored pages", row, system, made, pages)
		return
	}
	b.Require(made >= pages*workload.Usual.Includes, "%s, %s: %d fragments were made for %d pages of %d", row, system, made, pages, workload.Usual.Includes)
}
