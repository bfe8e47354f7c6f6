package main

import (
	"fmt"
	"io"
	"math"
	"strings"
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

// A line is a row as text: what, measured, target, and the ratio of the two.
type line [4]string

func (r row) line() line {
	l := line{r.what, format(r.measured, r.unit)}
	if r.target.value != 0 {
		l[2] = r.target.sign + " " + format(r.target.value, r.unit)
		l[3] = fmt.Sprintf("%.2f", r.measured/r.target.value)
	}
	return l
}

// writeTable writes the rows.
func writeTable(w io.Writer, rows []row) error {
	lines := make([]line, len(rows))
	for i, r := range rows {
		lines[i] = r.line()
	}
	return writeLines(w, lines)
}

func writeLines(w io.Writer, lines []line) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "what\tmeasured\ttarget\tratio")
	for _, l := range lines {
		_, _ = fmt.Fprintln(t, strings.Join(l[:], "\t"))
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
