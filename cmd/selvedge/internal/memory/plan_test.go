package memory

import (
	"errors"
	"math"
	"testing"
)

func TestTheMemoryOfAProcess(t *testing.T) {
	const gib = 1 << 30
	none := func() (uint64, error) { return 0, errors.New("no cgroup") }
	tests := []struct {
		name               string
		limit, cacheSize   int
		cgroup             func() (uint64, error)
		wantLimit, wantAll int64
	}{
		{"no limit", 0, 64, none, 0, 256 << 20},
		{"no limit, and a large cache", 0, 1024, none, 0, 64<<20 + 3*gib},
		{"no limit, and no cache", 0, 0, none, 0, 64 << 20},
		{"that of the cgroup", 0, 64, func() (uint64, error) { return 10 * gib, nil }, 9 * gib, 9 * gib},
		{"a cgroup without one", 0, 64, func() (uint64, error) { return math.MaxInt64, nil }, 0, 256 << 20},
		{"a limit of its own", 512, 64, none, 512 << 20, 512 << 20},
		{"a limit of its own, in a cgroup", 512, 64, func() (uint64, error) { return 10 * gib, nil }, 512 << 20, 512 << 20},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			plan := newPlan(test.limit, test.cacheSize, test.cgroup)
			if plan.Limit != test.wantLimit || plan.total != test.wantAll {
				t.Errorf("newPlan = %+v; want a limit of %d and %d in all", plan, test.wantLimit, test.wantAll)
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
