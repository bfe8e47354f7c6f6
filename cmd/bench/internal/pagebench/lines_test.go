//go:build linux

package pagebench

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"selvedge/cmd/bench/internal/report"
	"selvedge/cmd/bench/internal/workload"
)

// TestARatioIsNotOfMedians has a machine that is slow in a round, for both.
func TestARatioIsNotOfMedians(t *testing.T) {
	r := make(samples)
	for i, rate := range []float64{300, 20, 500} {
		r.add(Cached, proxySystem, rateFigure, rate)
		r.add(Cached, nginxSystem, rateFigure, []float64{100, 10, 250}[i])
	}
	if got := r.medianRatio(Cached, rateFigure, proxySystem, nginxSystem); got != 2 {
		t.Errorf("medianRatio = %v; want 2", got)
	}
	if got := r.median(Cached, proxySystem, rateFigure); got != 300 {
		t.Errorf("median = %v; want 300", got)
	}
}

// measured returns a bench after a round in which all systems were measured but
// the absent ones.
func measured(absent map[string]string) *Bench {
	r := make(samples)
	for i, system := range []string{bareSystem, proxySystem, composedSystem, nginxSystem, varnishSystem} {
		n := float64(i + 1)
		for _, row := range []string{Cached, Uncached} {
			r.add(row, system, rateFigure, 6000/n)
			r.add(row, system, costFigure, 10*n)
			r.add(row, system, totalFigure, 20*n)
		}
		r.add(Slow, system, latencyFigure, 20*n)
		r.add(Slow, system, firstByteFigure, n/10)
		r.add(Allocations, system, countFigure, 15+n)
	}
	r.add(Memory, composedSystem, sizeFigure, 1.25)
	return &Bench{samples: r, absent: absent}
}

func TestLinesOfWhatWasMeasured(t *testing.T) {
	b := measured(map[string]string{nginxSystem: "not installed"})
	for _, test := range []struct {
		name string
		rows []string
		want []report.Line
	}{
		{"uncached", []string{Uncached}, []report.Line{
			{"fragments uncached, of the origin or in process"},
			{"  ours, as a proxy", "3000 pages/s"},
			{"    processor time for a page", "20 µs"},
			{"    against Varnish", "2.5 ×", "≥ 1.6 ×", "1.56"},
			{"      by processor time", "2.5 ×"},
			{"  ours, in process", "2000 pages/s"},
			{"    processor time for a page", "30 µs"},
			{"  nginx", "not installed"},
			{"  Varnish", "1200 pages/s"},
			{"    processor time for a page", "50 µs"},
		}},
		{"slow", []string{Slow}, []report.Line{
			{"10 uncached fragments of 20 ms: the page"},
			{"  ours, as a proxy", "40 ms", "≤ 22 ms", "1.82"},
			{"  ours, in process", "60 ms", "≤ 22 ms", "2.73"},
			{"  nginx", "not installed"},
			{"  Varnish", "100 ms"},
			{"  its first byte"},
			{"  ours, as a proxy", "0.2 ms", "≤ 1 ms", "0.20"},
			{"  ours, in process", "0.3 ms", "≤ 1 ms", "0.30"},
			{"  nginx", "not installed"},
			{"  Varnish", "0.5 ms"},
		}},
		{"what is counted", []string{Memory, Allocations}, []report.Line{
			{"allocations for a cached page, more than the bare handler", "2", "≤ 10", "0.20"},
			{"  of the bare handler", "16"},
			{"memory of stored fragments of 1 KB, by their bytes", "1.25 ×", "≤ 1.5 ×", "0.83"},
		}},
		{"nothing", nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, b.Lines(test.rows)); diff != "" {
				t.Errorf("lines (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTargetsOfCachedPages(t *testing.T) {
	var got []report.Line
	for _, l := range measured(nil).Lines([]string{Cached}) {
		if l[2] != "" {
			got = append(got, l)
		}
	}
	want := []report.Line{
		{"    against bare handler", "0.5 ×", "≥ 0.85 ×", "0.59"},
		{"    against nginx", "2 ×", "≥ 2.5 ×", "0.80"},
		{"    against Varnish", "2.5 ×", "≥ 3 ×", "0.83"},
		{"    against bare handler", "0.333 ×", "≥ 0.85 ×", "0.39"},
		{"    against nginx", "1.33 ×", "≥ 2.5 ×", "0.53"},
		{"    against Varnish", "1.67 ×", "≥ 3 ×", "0.56"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lines with targets (-want +got):\n%s", diff)
	}
}

func TestLinesOfGrowth(t *testing.T) {
	b := measured(map[string]string{proxySystem: "not started"})
	b.samples.add(workload.ByIncludes[2].String(), composedSystem, costFigure, 90)
	lines := b.Lines([]string{Growth})
	want := []report.Line{
		{"processor time for a cached page of 31 KB, includes: 100"},
		{"  bare handler", "0 µs"},
		{"  ours, as a proxy", "not started"},
		{"  ours, in process", "90 µs"},
	}
	if len(lines) != 24 {
		t.Fatalf("%d lines; want 24", len(lines))
	}
	if diff := cmp.Diff(want, lines[8:12]); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}
