package report

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWriteTable(t *testing.T) {
	var b strings.Builder
	err := WriteTable(&b, []Line{
		Goal("memory", 8.714, "kB", AtMost(10)),
		Value("  of the peer", 30.06, "kB"),
		Goal("back", 100, "%", AtLeast(100)),
		Goal("p99", 1500.4, "ms", AtMost(1200)),
		Goal("renders", 1, "", AtMost(1)),
		Value("visible", math.NaN(), "ms"),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"what           measured      target     ratio",
		"memory         8.71 kB       ≤ 10 kB    0.87",
		"  of the peer  30.1 kB",
		"back           100 %         ≥ 100 %    1.00",
		"p99            1500 ms       ≤ 1200 ms  1.25",
		"renders        1             ≤ 1        1.00",
		"visible        not measured",
		"",
	}
	var got []string
	for line := range strings.SplitSeq(b.String(), "\n") {
		got = append(got, strings.TrimRight(line, " "))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
}
