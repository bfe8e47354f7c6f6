//go:build linux

package pagebench

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"selvedge/cmd/bench/internal/loadgen"
	"selvedge/cmd/bench/internal/report"
	"selvedge/cmd/bench/internal/workload"
)

// A Plan says how systems are measured.
type Plan struct {
	Connections     int
	Duration        time.Duration // of a load
	WarmUp          time.Duration // before each load, not counted
	StoredFragments int           // of which the memory is measured
	MaxClientShare  float64       // of a processor: above it the clients may be the bottleneck
	Profiles        string        // folder for profiles of ours, in process; empty: none
}

// DefaultPlan returns the plan for loads of a duration.
func DefaultPlan(duration time.Duration) Plan {
	return Plan{
		Connections:     32,
		Duration:        duration,
		WarmUp:          150 * time.Millisecond,
		StoredFragments: 10_000,
		MaxClientShare:  report.MaxClientShare,
	}
}

// A Bench measures systems by the pages that they serve.
type Bench struct {
	plan     Plan
	stderr   io.Writer
	validity report.Validity
	systems  *systems
	absent   map[string]string // reasons, by the names of systems that are not measured
	samples  samples
}

// New returns a bench without systems. It writes its progress to stderr, as do
// the server processes. The caller closes it.
func New(p Plan, stderr io.Writer) *Bench {
	return &Bench{plan: p, stderr: stderr, systems: new(systems), absent: make(map[string]string), samples: make(samples)}
}

// StartSystems starts the origin, and all systems that the machine has. The file
// of selvedge is built if it is empty. A system that does not start is a fault of
// the run, and no error.
func (b *Bench) StartSystems(ctx context.Context, selvedge string) (err error) {
	b.systems, err = startSystems(ctx, selvedge, b.stderr)
	return err
}

// Close ends all processes and removes their files.
func (b *Bench) Close() { b.systems.close() }

// Err returns an error with the faults of the run, and nil if it is valid.
func (b *Bench) Err() error { return b.validity.Err() }

// Versions returns the versions of the programs that are not ours.
func (b *Bench) Versions() []string { return b.systems.versions }

// Logf writes a line of progress.
func (b *Bench) Logf(format string, arguments ...any) {
	_, _ = fmt.Fprintf(b.stderr, format+"\n", arguments...)
}

// VerifyPages compares the pages of all systems with [workload.Usual]. A system
// with another page is not measured, which is a fault of the run.
func (b *Bench) VerifyPages(ctx context.Context) {
	want := []byte(workload.Usual.Text(workload.Usual.Fragment))
	for _, s := range b.systems.all {
		for _, k := range []workload.Kind{workload.Cached, workload.Uncached, workload.Slow} {
			if s.absent != "" || s.name == bareSystem && k.Delay > 0 {
				continue
			}
			url := "http://" + s.address + workload.PagePath(k, workload.Usual, s.template)
			if err := loadgen.Verify(ctx, url, want); err != nil {
				s.absent, s.fault = "not the same page", fmt.Errorf("%s: %w", k.Name, err)
			}
		}
		if s.absent != "" {
			b.absent[s.name] = s.absent
			b.Logf("  %s: %s", s.name, s.absent)
			b.validity.Require(s.fault == nil, "%s: %s: %v", s.name, s.absent, s.fault)
		}
	}
}

// present returns the named systems that are measured. Each round, counted from
// 0, begins with another system.
func (b *Bench) present(round int, names ...string) []*system {
	var present []*system
	for i := range names {
		if s := b.systems.find(names[(i+round)%len(names)]); s.absent == "" {
			present = append(present, s)
		}
	}
	return present
}

// A visit is a load on a system for a row of the table.
type visit struct {
	row         string
	round       int
	kind        workload.Kind
	page        workload.Page
	connections int
	duration    time.Duration
}

// visit puts a load on a system. It adds a fault if there were errors, if the
// clients were the bottleneck, or if the system did another work than the row is
// about.
func (b *Bench) visit(ctx context.Context, s *system, v visit) (loadgen.Sample, error) {
	stopProfile, err := b.profile(s, v)
	if err != nil {
		return loadgen.Sample{}, err
	}
	var before, after int64
	if err := s.source.Call("Requests", nil, &before); err != nil {
		return loadgen.Sample{}, err
	}
	sample, err := loadgen.Run(ctx, loadgen.Load{
		Connections: v.connections, Server: s.address, Path: workload.PagePath(v.kind, v.page, s.template), BodySize: v.page.Size,
		WarmUp: b.plan.WarmUp, Duration: v.duration, ServerPID: s.pid, OriginPID: b.systems.origin.PID(),
	})
	if err != nil {
		return sample, err
	}
	if err := s.source.Call("Requests", nil, &after); err != nil {
		return loadgen.Sample{}, err
	}
	b.Logf("  %s, %s: %.0f pages/s, of which the clients used %.0f %% of a processor", v.row, s.name, sample.Rate(), 100*sample.ClientShare())
	b.requireSample(v.row, s.name, sample)
	if s.name != bareSystem && v.page == workload.Usual {
		b.requireWork(v.row, s.name, v.kind, int(after-before), sample.Total)
	}
	return sample, stopProfile()
}

// profile has ours in process write a profile until stop is called, if the plan
// has a folder for them.
func (b *Bench) profile(s *system, v visit) (stop func() error, err error) {
	if b.plan.Profiles == "" || s.name != composedSystem {
		return func() error { return nil }, nil
	}
	file := filepath.Join(b.plan.Profiles, fmt.Sprintf("%02d-%s.prof", v.round+1, v.row))
	return func() error { return s.process.Call("Profile", "", nil) }, s.process.Call("Profile", file, nil)
}

// requireSample adds a fault for each reason not to believe a sample.
func (b *Bench) requireSample(row, system string, s loadgen.Sample) {
	b.validity.Require(s.Errors == 0, "%s, %s: %d errors: %v", row, system, s.Errors, s.FirstError)
	b.validity.Require(len(s.Latencies) > 0, "%s, %s: no page came", row, system)
	b.validity.Require(s.ClientShare() <= b.plan.MaxClientShare, "%s, %s: the clients used %.0f %% of a processor", row, system, 100*s.ClientShare())
}

// requireWork adds a fault if the number of templates and fragments made by the
// source does not fit the number of pages:
//
//   - For cached pages the source makes nothing, because their verification has
//     filled the cache.
//   - For all other pages the source makes each fragment of each page.
func (b *Bench) requireWork(row, system string, k workload.Kind, made, pages int) {
	if k == workload.Cached {
		b.validity.Require(made == 0, "%s, %s: %d templates and fragments were made for %d stored pages", row, system, made, pages)
		return
	}
	includes := workload.Usual.Includes
	b.validity.Require(made >= pages*includes, "%s, %s: %d fragments were made for %d pages of %d", row, system, made, pages, includes)
}

// Lines returns the lines of the selected rows, in the order of [Rows]. The
// values are medians of the rounds, and ratios medians of the rounds' ratios.
func (b *Bench) Lines(selected report.Selection) []report.Line {
	return selected.Lines(Rows(), map[string]func() []report.Line{
		Cached:      b.cachedLines,
		Uncached:    b.uncachedLines,
		Slow:        b.slowLines,
		Allocations: b.allocationLines,
		Memory:      b.memoryLines,
		Growth:      b.growthLines,
	})
}

// line returns the line of a system's figure, or of the reason why there is none.
func (b *Bench) line(row, system, figure, unit string, target report.Target) report.Line {
	name := "  " + system
	if reason := b.absent[system]; reason != "" {
		return report.Line{name, reason}
	}
	return report.Goal(name, b.samples.median(row, system, figure), unit, target)
}
