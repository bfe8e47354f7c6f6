package report_test

import (
	"fmt"
	"os"

	"selvedge/cmd/bench/internal/report"
)

func Example() {
	latencies := []float64{12, 9.5, 31}
	_ = report.WriteTable(os.Stdout, []report.Line{
		report.Goal("one change to all pages, p50", report.Median(latencies), "ms", report.AtMost(40)),
		report.Goal("  slowest", report.Max(latencies), "ms", report.AtMost(25)),
	})
	var v report.Validity
	v.Require(len(latencies) == 4, "%d samples and not 4", len(latencies))
	fmt.Println(v.Err())
	// Output:
	// what                          measured  target   ratio
	// one change to all pages, p50  12 ms     ≤ 40 ms  0.30
	//   slowest                     31 ms     ≤ 25 ms  1.24
	// the run is not valid: 3 samples and not 4
}
