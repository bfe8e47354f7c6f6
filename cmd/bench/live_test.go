//go:build linux

package main

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

// TestMain is also the server processes of the tests, which start themselves.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) > 1 && strings.HasPrefix(os.Args[1], "serve-"):
		main()
	case len(os.Args) > 1 && os.Args[1] == "proxy":
		panic(stand(os.Args[1:]))
	}
	goleak.VerifyTestMain(m)
}

func TestEverythingIsMeasured(t *testing.T) {
	var out, progress strings.Builder
	err := measureLive(t.Context(), plan{
		connections: 50,
		rounds:      1,
		parts:       allParts,
		peers:       t.TempDir(), // which has none
		changes:     3,
		gap:         20 * time.Millisecond,
		idleFor:     200 * time.Millisecond,
		updateFor:   200 * time.Millisecond,
		ping:        defaultPlan.ping,
		stall:       300 * time.Millisecond,
		jitter: jitterPlan{
			changes: 20,
			gap:     20 * time.Millisecond,
			online:  80 * time.Millisecond,
			offline: 40 * time.Millisecond,
		},
	}, &out, &progress)
	if err != nil {
		t.Fatalf("measureLive: %v\n%s", err, progress.String())
	}
	for _, want := range []string{"50 connections, rounds: 1.", "renders for one change", "back and right after kill -9", "write to visible"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the output lacks %q:\n%s", want, out.String())
		}
	}
}

func TestAStepThatWasNotFairIsNoticed(t *testing.T) {
	for _, test := range []struct {
		name                string
		planned, took, used time.Duration
		want                []string
	}{
		{"as planned", 4 * time.Second, 4 * time.Second, time.Second, nil},
		{"a bit late", 4 * time.Second, 5 * time.Second, time.Second, nil},
		{"far too late", 4 * time.Second, 8 * time.Second, time.Second, []string{"step took 8s and not 4s"}},
		{"clients at their limit", 4 * time.Second, 4 * time.Second, 3900 * time.Millisecond, []string{"step: the clients used 98 % of a processor"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var r results
			r.requirePace("step", test.planned, test.took, test.used)
			if diff := cmp.Diff(test.want, r.Faults); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCommandLine(t *testing.T) {
	for _, test := range []struct {
		name   string
		args   []string
		code   int
		stderr string
	}{
		{"no connections", []string{"bench", "live", "--connections", "0"}, 1, "bench: --connections and --rounds are numbers from 1\n"},
		{"a part that there is not", []string{"bench", "live", "--part", "speed"}, 1,
			"bench: --part speed is not one of memory, idle, changes, renders, reconnect, updates, visible, slow, jitter, personal, naive, peers\n"},
		{"help", []string{"bench", "live", "--help"}, 0, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var stdout, stderr strings.Builder
			if code := run(context.Background(), test.args, &stdout, &stderr); code != test.code || stderr.String() != test.stderr {
				t.Errorf("run(%q) = %d, stderr %q; want %d, %q", test.args, code, stderr.String(), test.code, test.stderr)
			}
		})
	}
}
