//go:build linux

package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/urfave/cli/v3"
)

func pageCommands() []*cli.Command { return []*cli.Command{pageCommand(), pageServerCommand()} }

// A pageBench measures pages.
type pageBench struct {
	pagePlan
	pageResults
	systems *systems
	stderr  io.Writer
	round   int
}

// measurePages measures what is planned and writes the table. It returns an
// error if the run is not valid.
func measurePages(ctx context.Context, p pagePlan, stdout, stderr io.Writer) error {
	b := &pageBench{pagePlan: p, stderr: stderr, systems: new(systems)}
	b.samples, b.absent = make(map[cell][]float64), make(map[string]string)
	load := loadAverage()
	begun, err := now()
	if err != nil {
		return err
	}
	// Only what has ended is known to be ours and not that of others.
	err = b.measureAll(ctx)
	b.systems.close()
	if err != nil {
		return err
	}
	ended, err := now()
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(stdout, "%s, %d processors, %s, beside %s.\n"+
		"%d connections, rounds: %d of %v each. Clients, origin and servers shared the machine with other programs,\n"+
		"which used %.0f %% of it; the load average was %s before and %s after.\n\n",
		processorName(), runtime.NumCPU(), runtime.Version(), strings.Join(b.systems.versions, " and "),
		p.connections, p.rounds, p.measure, 100*ended.others(begun), load, loadAverage())
	if err := writeLines(stdout, b.lines(p)); err != nil {
		return err
	}
	return b.valid()
}

// measureAll starts the systems and measures them in rounds.
func (b *pageBench) measureAll(ctx context.Context) error {
	if b.has(memoryRow) {
		if err := b.measureKept(ctx); err != nil {
			return err
		}
	}
	if !b.needsSystems() {
		return nil
	}
	b.say("starting the systems")
	var err error
	if b.systems, err = startSystems(ctx, b.binary, b.stderr); err != nil {
		return err
	}
	b.compareAll(ctx)
	for b.round = range b.rounds {
		b.say("round %d of %d", b.round+1, b.rounds)
		if err := b.measureRound(ctx); err != nil {
			return fmt.Errorf("round %d: %w", b.round+1, err)
		}
	}
	return nil
}

func (b *pageBench) say(format string, arguments ...any) {
	_, _ = fmt.Fprintf(b.stderr, format+"\n", arguments...)
}

// compareAll compares the pages of all systems with what they have to be. One
// that differs is not measured.
func (b *pageBench) compareAll(ctx context.Context) {
	for _, s := range b.systems.all {
		for _, k := range []kind{cachedKind, uncachedKind, slowKind} {
			if s.absent != "" || s.name == bareSystem && k.delay > 0 {
				continue
			}
			url := "http://" + s.address + pagePath(k, usual, s.form)
			if err := compare(ctx, url, []byte(usual.page(usual.part))); err != nil {
				s.absent = fmt.Sprintf("another page, %s: %v", k.name, err)
			}
		}
		if s.absent != "" {
			b.absent[s.name] = s.absent
			b.require(s.absent == notInstalled, "%s: %s", s.name, s.absent)
			b.say("  %s: %s", s.name, s.absent)
		}
	}
}

// measureRound measures everything once, one system after the other.
func (b *pageBench) measureRound(ctx context.Context) error {
	for _, step := range []struct {
		row     string
		measure func(context.Context) error
	}{
		{cachedRow, b.measureRates(cachedRow, cachedKind, bareSystem, proxySystem, composedSystem, nginxSystem, varnishSystem)},
		{uncachedRow, b.measureRates(uncachedRow, uncachedKind, proxySystem, composedSystem, nginxSystem, varnishSystem)},
		{slowRow, b.measureSlow},
		{allocationsRow, b.measureAllocations},
		{growthRow, b.measureGrowth},
	} {
		if !b.has(step.row) {
			continue
		}
		if err := step.measure(ctx); err != nil {
			return fmt.Errorf("%s: %w", step.row, err)
		}
	}
	return nil
}

// present returns the systems of some names that are measured. Each round
// begins with another.
func (b *pageBench) present(names ...string) []*system {
	var present []*system
	for i := range names {
		if s := b.systems.find(names[(i+b.round)%len(names)]); s.absent == "" {
			present = append(present, s)
		}
	}
	return present
}

// measureRates measures how many pages per second some systems give to all
// visitors together.
func (b *pageBench) measureRates(row string, k kind, names ...string) func(context.Context) error {
	return func(ctx context.Context) error {
		for _, s := range b.present(names...) {
			seen, err := b.visit(ctx, row, s, k, usual, b.connections, b.measure)
			if err != nil {
				return err
			}
			b.add(row, s.name, seen.rate())
		}
		return nil
	}
}

// measureSlow measures how long one visitor waits for a page whose fragments
// take their time, and for its first byte.
func (b *pageBench) measureSlow(ctx context.Context) error {
	for _, s := range b.present(proxySystem, composedSystem, nginxSystem, varnishSystem) {
		seen, err := b.visit(ctx, slowRow, s, slowKind, usual, 1, b.measure)
		if err != nil {
			return err
		}
		b.add(slowRow, s.name, milliseconds(quantile(seen.pages, 0.5)))
		b.add(firstByte, s.name, milliseconds(quantile(seen.firsts, 0.5)))
	}
	return nil
}

// measureGrowth measures how long a page takes that is larger, or includes
// more, while the server has nothing but such pages to make.
func (b *pageBench) measureGrowth(ctx context.Context) error {
	for _, works := range [][]work{byIncludes, bySize} {
		for _, w := range works {
			for _, s := range b.present(bareSystem, proxySystem, composedSystem) {
				seen, err := b.visit(ctx, w.String(), s, cachedKind, w, b.connections, b.measure/2)
				if err != nil {
					return err
				}
				b.add(w.String(), s.name, 1e6/seen.rate())
			}
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
		if err := s.process.call("Allocations", &before); err != nil {
			return err
		}
		seen, err := b.visit(ctx, allocationsRow, s, cachedKind, usual, b.connections, b.measure/2)
		if err != nil {
			return err
		}
		if err := s.process.call("Allocations", &after); err != nil {
			return err
		}
		b.add(allocationsRow, s.name, float64(after-before)/float64(seen.all))
	}
	return nil
}

// measureKept measures the memory of stored fragments, in a process of its
// own.
func (b *pageBench) measureKept(ctx context.Context) error {
	p, err := startSelf(ctx, b.stderr, "serve-page", "--role", composedRole)
	if err != nil {
		return err
	}
	defer p.kill()
	var kept Kept
	if err := wait(p.orders.Go("Server.Keep", b.stored, &kept, nil)); err != nil {
		return err
	}
	b.require(kept.Again == 0, "%d of %d fragments were not stored", kept.Again, b.stored)
	b.add(memoryRow, composedSystem, float64(kept.Bytes)/float64(b.stored*keptSize))
	return nil
}

// visit visits a system, and requires that nothing went wrong and that the
// clients were not what was measured.
func (b *pageBench) visit(ctx context.Context, row string, s *system, k kind, w work, n int, measure time.Duration) (sample, error) {
	stop, err := b.profiled(row, s)
	if err != nil {
		return sample{}, err
	}
	seen, err := visit(ctx, n, s.address, pagePath(k, w, s.form), w.size, b.warm, measure)
	if err != nil {
		return seen, err
	}
	b.say("  %s, %s: %.0f pages/s, of which the clients used %.0f %% of a processor", row, s.name, seen.rate(), 100*seen.busy())
	b.requireSample(row, s.name, seen)
	return seen, stop()
}

// profiled has a system write a profile until stop is called, if the plan says
// so and the system is ours and this program.
func (b *pageBench) profiled(row string, s *system) (stop func() error, err error) {
	if b.profiles == "" || s.name != composedSystem {
		return func() error { return nil }, nil
	}
	file := filepath.Join(b.profiles, fmt.Sprintf("%02d-%s.prof", b.round+1, row))
	return func() error { return wait(s.process.order("Profile", "")) }, wait(s.process.order("Profile", file))
}

// requireSample notes what makes a sample worthless.
func (r *pageResults) requireSample(row, system string, seen sample) {
	r.require(seen.errors == 0, "%s, %s: %d errors: %v", row, system, seen.errors, seen.err)
	r.require(len(seen.pages) > 0, "%s, %s: no page came", row, system)
	r.require(seen.busy() <= busiest, "%s, %s: the clients used %.0f %% of a processor", row, system, 100*seen.busy())
}
