//go:build linux

package livebench

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

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
			var b Bench
			b.requirePace("step", test.planned, test.took, test.used)
			if diff := cmp.Diff(test.want, b.validity.Faults); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}
