//go:build linux

package main

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"selvedge/cmd/bench/internal/loadgen"
	"selvedge/cmd/bench/internal/systemundertest"
	"selvedge/cmd/bench/internal/workload"
	"selvedge/composer"
)

// stand is a server that stands for selvedge proxy, with the same command
// line: proxy ORIGIN --listen ADDRESS. The origin is its only fragment.
func stand(args []string) error {
	origin, err := url.Parse(args[1])
	if err != nil {
		return err
	}
	registry := composer.NewRegistry()
	if err := registry.Add(workload.SiteName, "1.0.0", composer.Source{URL: origin}); err != nil {
		return err
	}
	c, err := composer.New(registry, composer.Options{})
	if err != nil {
		return err
	}
	pages := c.Page(workload.SiteName)
	server := &http.Server{
		Addr:              args[3],
		ReadHeaderTimeout: time.Second,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.URL.Path = strings.TrimSuffix(r.URL.Path, workload.ESITemplate.Name) + workload.ReferenceTemplate.Name
			pages.ServeHTTP(w, r)
		}),
	}
	return server.ListenAndServe()
}

// shortPlan measures everything, for moments.
func shortPlan(binary string) pagePlan {
	return pagePlan{
		rounds:      2,
		connections: 2,
		measure:     time.Millisecond,
		warm:        time.Millisecond,
		stored:      100,
		busiest:     1 << 10, // whatever the race detector takes
		rows:        allRows,
		binary:      binary,
	}
}

func TestPagesAreMeasured(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out, progress strings.Builder
	p := shortPlan(self)
	p.profiles = t.TempDir()
	if err := measurePages(t.Context(), p, &out, &progress); err != nil {
		t.Fatalf("measurePages: %v\n%s", err, progress.String())
	}
	for _, want := range []string{
		"2 connections, rounds: 2 of 1ms each.", "template and fragments cached", "    against bare handler", "10 uncached fragments of 20 ms",
		"allocations for a cached page", "memory of stored fragments of 1 KB", "processor time for a cached page of 1000 KB, includes: 10",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the output lacks %q:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "not started") {
		t.Errorf("something was not started:\n%s", out.String())
	}
	if profiles, err := filepath.Glob(filepath.Join(p.profiles, "02-cached.prof")); err != nil || len(profiles) != 1 {
		t.Errorf("profiles of the second round: %q, %v; want one", profiles, err)
	}
}

func TestAProxyThatDoesNotStartIsAFault(t *testing.T) {
	var out, progress strings.Builder
	p := shortPlan("false")
	p.rounds, p.rows = 1, []string{allocationsRow}
	err := measurePages(t.Context(), p, &out, &progress)
	if err == nil || !strings.Contains(err.Error(), "the run is not valid: ours, as a proxy: not started: false: exit status 1") {
		t.Errorf("measurePages = %v; want a run that is not valid", err)
	}
	if !strings.Contains(out.String(), "allocations for a cached page") {
		t.Errorf("the others were not measured:\n%s", out.String())
	}
}

// TestAnotherPageIsNotMeasured has a system that serves templates as they are.
func TestAnotherPageIsNotMeasured(t *testing.T) {
	s := new(systems)
	defer s.close()
	p, err := s.startRole(t.Context(), systemundertest.Site, os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	s.all = []*system{
		{name: bareSystem, form: workload.WholePage, address: p.Greeting.Address},
		{name: varnishSystem, form: workload.ESITemplate, address: p.Greeting.Address},
	}
	b := &pageBench{systems: s, stderr: new(strings.Builder)}
	b.absent = make(map[string]string)
	b.compareAll(t.Context())
	if diff := cmp.Diff(map[string]string{varnishSystem: "not the same page"}, b.absent); diff != "" {
		t.Errorf("systems that are not measured (-want +got):\n%s", diff)
	}
	if len(b.Faults) != 1 || !strings.HasPrefix(b.Faults[0], "Varnish: not the same page: cached: ") {
		t.Errorf("faults = %q; want one of Varnish", b.Faults)
	}
	if present := b.present(bareSystem, varnishSystem, nginxSystem); len(present) != 1 || present[0].name != bareSystem {
		t.Errorf("%d systems are measured; want the bare handler alone", len(present))
	}
}

func TestEachRoundBeginsWithAnotherSystem(t *testing.T) {
	b := &pageBench{systems: &systems{all: []*system{{name: "a"}, {name: "b"}, {name: "c"}}}}
	var got []string
	for b.round = range 4 {
		order := ""
		for _, s := range b.present("a", "b", "c") {
			order += s.name
		}
		got = append(got, order)
	}
	if diff := cmp.Diff([]string{"abc", "bca", "cab", "abc"}, got); diff != "" {
		t.Errorf("order by round (-want +got):\n%s", diff)
	}
}

func TestCommandLineOfPages(t *testing.T) {
	for _, test := range []struct {
		name   string
		args   []string
		stderr string
	}{
		{"no rounds", []string{"--rounds", "0"}, "bench: --rounds is a number from 1, and --seconds one above 0\n"},
		{"no time", []string{"--seconds", "0"}, "bench: --rounds is a number from 1, and --seconds one above 0\n"},
		{"no such row", []string{"--only", "all"}, "bench: --only all: the rows are cached, uncached, slow, allocations, memory, growth\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var stdout, stderr strings.Builder
			args := append([]string{"bench", "page"}, test.args...)
			if code := run(context.Background(), args, &stdout, &stderr); code != 1 || stderr.String() != test.stderr {
				t.Errorf("run(%q) = %d, stderr %q; want 1, %q", args, code, stderr.String(), test.stderr)
			}
		})
	}
}

func TestASystemThatDidSomethingElseIsNoticed(t *testing.T) {
	for _, test := range []struct {
		name string
		kind workload.Kind
		made int // for 100 pages of 10 fragments
		want []string
	}{
		{"stored pages", workload.Cached, 0, nil},
		{"stored pages that were made again", workload.Cached, 7, []string{"row, system: 7 templates and fragments were made for 100 stored pages"}},
		{"made pages", workload.Uncached, 1000, nil},
		{"made pages, and more that nobody waited for", workload.Uncached, 1040, nil},
		{"pages that were made for several visitors", workload.Slow, 999, []string{"row, system: 999 fragments were made for 100 pages of 10"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := new(pageBench)
			b.requireMade("row", "system", test.kind, test.made, 100)
			if diff := cmp.Diff(test.want, b.Faults); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestASampleThatIsWorthNothingIsNoticed(t *testing.T) {
	some := make([]time.Duration, 10)
	for _, test := range []struct {
		name   string
		sample loadgen.Sample
		want   []string
	}{
		{"all is well", loadgen.Sample{Latencies: some, Elapsed: time.Second, ClientTime: time.Second / 2}, nil},
		{"errors", loadgen.Sample{Latencies: some, Elapsed: time.Second, Errors: 2, FirstError: http.ErrAbortHandler}, []string{"row, system: 2 errors: net/http: abort Handler"}},
		{"no pages", loadgen.Sample{Elapsed: time.Second}, []string{"row, system: no page came"}},
		{"clients at their limit", loadgen.Sample{Latencies: some, Elapsed: time.Second, ClientTime: 950 * time.Millisecond}, []string{"row, system: the clients used 95 % of a processor"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := &pageBench{pagePlan: defaultPagePlan}
			b.requireSample("row", "system", test.sample)
			if diff := cmp.Diff(test.want, b.Faults); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}
