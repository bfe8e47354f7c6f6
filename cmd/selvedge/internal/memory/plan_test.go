package memory

import (
	"context"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/flags"
)

func TestTheMemoryOfAProcess(t *testing.T) {
	const gib = 1 << 30
	none := func() (uint64, error) { return 0, errors.New("no cgroup") }
	tests := []struct {
		name       string
		args       string
		cgroup     func() (uint64, error)
		limit, all int64 // -1: a usage error
	}{
		{"no limit", "", none, 0, 256 << 20},
		{"no limit, and a large cache", "--cache-size 1024", none, 0, 64<<20 + 3*gib},
		{"no limit, and no cache", "--cache-size 0", none, 0, 64 << 20},
		{"that of the cgroup", "", func() (uint64, error) { return 10 * gib, nil }, 9 * gib, 9 * gib},
		{"a cgroup without one", "", func() (uint64, error) { return math.MaxInt64, nil }, 0, 256 << 20},
		{"that of the flag", "--memory 512", none, 512 << 20, 512 << 20},
		{"that of the flag, in a cgroup", "--memory 512", func() (uint64, error) { return 10 * gib, nil }, 512 << 20, 512 << 20},
		{"less than nothing", "--memory -1", none, -1, -1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var plan Plan
			var err error
			c := &cli.Command{Flags: []cli.Flag{Flag(), flags.Int("cache-size", 64, "")}, Writer: io.Discard, Action: func(_ context.Context, c *cli.Command) error {
				plan, err = read(c, c.Int("cache-size"), test.cgroup)
				return nil
			}}
			if err := c.Run(t.Context(), append([]string{"x"}, strings.Fields(test.args)...)); err != nil {
				t.Fatal(err)
			}
			if (err != nil) != (test.limit < 0) || err == nil && (plan.Limit != test.limit || plan.total != test.all) {
				t.Errorf("read = %+v, %v; want a limit of %d and %d in all", plan, err, test.limit, test.all)
			}
		})
	}
}

func TestHowOftenGarbageIsCollected(t *testing.T) {
	plan := Plan{total: 1000}
	for live, want := range map[uint64]int{0: 400, 100: 400, 140: 400, 200: 250, 350: 100, 600: 100, 2000: 100} {
		if got := plan.gcPercent(live); got != want {
			t.Errorf("of 1000 bytes %d are live: %d %%; want %d %%", live, got, want)
		}
	}
}
