//go:build linux

package pagebench

import (
	"context"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/urfave/cli/v3"
	"go.uber.org/goleak"

	"selvedge/cmd/bench/internal/loadgen"
	"selvedge/cmd/bench/internal/systemundertest"
	"selvedge/cmd/bench/internal/workload"
)

// TestMain is also the server processes of the tests.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && strings.HasPrefix(os.Args[1], "serve-") {
		program := &cli.Command{Commands: []*cli.Command{systemundertest.PagesCommand()}}
		if err := program.Run(context.Background(), os.Args); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// TestAnotherPageIsNotMeasured has a system that serves templates as they are.
func TestAnotherPageIsNotMeasured(t *testing.T) {
	b := New(DefaultPlan(time.Second), new(strings.Builder))
	defer b.Close()
	s := b.systems
	p, err := s.startPages(t.Context(), systemundertest.Site, os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	s.all = []*system{
		{name: bareSystem, template: workload.WholePage, address: p.Greeting.Address},
		{name: varnishSystem, template: workload.ESITemplate, address: p.Greeting.Address},
	}
	b.VerifyPages(t.Context())
	if diff := cmp.Diff(map[string]string{varnishSystem: "not the same page"}, b.absent); diff != "" {
		t.Errorf("systems that are not measured (-want +got):\n%s", diff)
	}
	if len(b.validity.Faults) != 1 || !strings.HasPrefix(b.validity.Faults[0], "Varnish: not the same page: cached: ") {
		t.Errorf("faults = %q; want one of Varnish", b.validity.Faults)
	}
	if present := b.present(0, bareSystem, varnishSystem, nginxSystem); len(present) != 1 || present[0].name != bareSystem {
		t.Errorf("%d systems are measured; want the bare handler alone", len(present))
	}
}

func TestEachRoundBeginsWithAnotherSystem(t *testing.T) {
	b := &Bench{systems: &systems{all: []*system{{name: "a"}, {name: "b"}, {name: "c"}}}}
	var got []string
	for round := range 4 {
		order := ""
		for _, s := range b.present(round, "a", "b", "c") {
			order += s.name
		}
		got = append(got, order)
	}
	if diff := cmp.Diff([]string{"abc", "bca", "cab", "abc"}, got); diff != "" {
		t.Errorf("order by round (-want +got):\n%s", diff)
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
			b := new(Bench)
			b.requireWork("row", "system", test.kind, test.made, 100)
			if diff := cmp.Diff(test.want, b.validity.Faults); diff != "" {
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
			b := New(DefaultPlan(time.Second), nil)
			b.requireSample("row", "system", test.sample)
			if diff := cmp.Diff(test.want, b.validity.Faults); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}
