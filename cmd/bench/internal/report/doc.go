// Package report turns the samples of a run into a table of medians beside
// their targets:
//
//	var v report.Validity
//	v.Require(lost == 0, "%d connections were lost", lost)
//	lines := []report.Line{
//		report.Goal("one change to all pages, p50", report.Median(samples), "ms", report.AtMost(40)),
//	}
//	err := errors.Join(report.WriteTable(os.Stdout, lines), v.Err())
//
// It holds the arithmetic of the samples ([Quantile], [Median], [Ratios],
// [SpreadOf]), the form of the table ([Line], [Target], [WriteTable]) and the
// faults that make a run invalid ([Validity]). The names of the figures and
// their targets stand with the measurements.
package report
