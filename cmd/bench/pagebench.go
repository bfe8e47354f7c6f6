//go:build linux

package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/bench/internal/loadgen"
	"selvedge/cmd/bench/internal/report"
	"selvedge/cmd/bench/internal/sysinfo"
	"selvedge/cmd/bench/internal/systemundertest"
	"selvedge/cmd/bench/internal/workload"
)

func pageCommands() []*cli.Command {
	return []*cli.Command{pageCommand(), systemundertest.PagesCommand()}
}

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
	load := sysinfo.LoadAverage()
	begun, err := sysinfo.TakeSnapshot()
	if err != nil {
		return err
	}
	// Only what has ended is known to be ours and not that of others.
	err = b.measureAll(ctx)
	b.systems.close()
	if err != nil {
		return err
	}
	ended, err := sysinfo.TakeSnapshot()
	if err != nil {
		return err
	}
	programs := append([]string{runtime.Version()}, b.systems.versions...)
	_, _ = fmt.Fprintf(stdout, "%s, %d processors; %s.\n"+
		"%d connections, rounds: %d of %v each. Clients, origin and servers shared the machine with other programs,\n"+
		"which used %.0f %% of it; the load average was %s before and %s after.\n\n",
		sysinfo.ProcessorName(), runtime.NumCPU(), strings.Join(programs, ", "),
		p.connections, p.rounds, p.measure, 100*ended.OtherPrograms(begun), load, sysinfo.LoadAverage())
	if err := report.WriteTable(stdout, b.lines(p)); err != nil {
		return err
	}
	return b.Err()
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
		for _, k := range []workload.Kind{workload.Cached, workload.Uncached, workload.Slow} {
			if s.absent != "" || s.name == bareSystem && k.Delay > 0 {
				continue
			}
			url := "http://" + s.address + workload.PagePath(k, workload.Usual, s.form)
			if err := loadgen.Verify(ctx, url, []byte(workload.Usual.Text(workload.Usual.Fragment))); err != nil {
				s.absent, s.reason = "not the same page", fmt.Errorf("%s: %w", k.Name, err)
			}
		}
		if s.absent != "" {
			b.absent[s.name] = s.absent
			b.say("  %s: %s", s.name, s.absent)
			b.Require(s.reason == nil, "%s: %s: %v", s.name, s.absent, s.reason)
		}
	}
}

// measureRound measures everything once, one system after the other.
func (b *pageBench) measureRound(ctx context.Context) error {
	for _, step := range []struct {
		row     string
		measure func(context.Context) error
	}{
		{cachedRow, b.measureRates(cachedRow, workload.Cached, bareSystem, proxySystem, composedSystem, nginxSystem, varnishSystem)},
		{uncachedRow, b.measureRates(uncachedRow, workload.Uncached, proxySystem, composedSystem, nginxSystem, varnishSystem)},
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
