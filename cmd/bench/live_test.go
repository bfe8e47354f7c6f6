//go:build linux

package main

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"selvedge/cmd/bench/internal/livebench"
	"selvedge/cmd/bench/internal/wsclient"
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
	plan := livebench.DefaultPlan(50)
	plan.Changes = 3
	plan.Gap = 20 * time.Millisecond
	plan.IdleFor = 200 * time.Millisecond
	plan.UpdateFor = 200 * time.Millisecond
	plan.Stall = 300 * time.Millisecond
	plan.Jitter = livebench.JitterPlan{
		Changes: 20,
		Gap:     20 * time.Millisecond,
		Cuts:    wsclient.CutPlan{Online: 80 * time.Millisecond, Offline: 40 * time.Millisecond},
	}
	err := measureLive(t.Context(), liveOptions{
		plan:   plan,
		rounds: 1,
		parts:  livebench.Parts(),
		peers:  t.TempDir(), // which has none
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
