package main

import (
	"fmt"
	"io"
	"math"
	"text/tabwriter"
)

// A row is a line of the table.
type row struct {
	what     string
	measured float64
	unit     string
	target   target
}

// A target is what must be reached; the zero value is none.
type target struct {
	sign  string
	value float64
}

func atMost(value float64) target  { return target{"≤", value} }
func atLeast(value float64) target { return target{"≥", value} }

// writeTable writes the rows: what, measured, target, and the ratio of the
// two.
func writeTable(w io.Writer, rows []row) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "what\tmeasured\ttarget\tratio")
	for _, r := range rows {
		bound, ratio := "", ""
		if r.target.value != 0 {
			bound = r.target.sign + " " + format(r.target.value, r.unit)
			ratio = fmt.Sprintf("%.2f", r.measured/r.target.value)
		}
		_, _ = fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", r.what, format(r.measured, r.unit), bound, ratio)
	}
	return t.Flush()
}

// format writes a number with three digits, and its unit. What is not a number
// was not measured.
func format(value float64, unit string) string {
	if math.IsNaN(value) {
		return "not measured"
	}
	number := fmt.Sprintf("%.3g", value)
	if math.Abs(value) >= 1000 {
		number = fmt.Sprintf("%.0f", value)
	}
	if unit == "" {
		return number
	}
	return number + " " + unit
}
