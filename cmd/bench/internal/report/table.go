package report

import (
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"
)

// A Target is a bound for a measured value. The zero value sets no bound.
type Target struct {
	sign  string
	value float64
}

// AtMost returns an upper bound, in the unit of the measured value.
func AtMost(value float64) Target { return Target{"≤", value} }

// AtLeast returns a lower bound, in the unit of the measured value.
func AtLeast(value float64) Target { return Target{"≥", value} }

// A Line is a line of the table as text: name, measured value, target, and the
// ratio of value and target. A headline has a name only.
type Line [4]string

// Value returns the line of a measured value, with three significant digits and
// its unit. NaN reads "not measured"; without a unit the number stands alone.
func Value(name string, measured float64, unit string) Line {
	return Line{name, format(measured, unit)}
}

// Goal returns the line of a measured value beside its target.
func Goal(name string, measured float64, unit string, target Target) Line {
	l := Value(name, measured, unit)
	if target.value != 0 {
		l[2] = target.sign + " " + format(target.value, unit)
		l[3] = fmt.Sprintf("%.2f", measured/target.value)
	}
	return l
}

// WriteTable writes the table in aligned columns, under a head. It returns the
// error of w.
func WriteTable(w io.Writer, lines []Line) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "what\tmeasured\ttarget\tratio")
	for _, l := range lines {
		_, _ = fmt.Fprintln(t, strings.Join(l[:], "\t"))
	}
	return t.Flush()
}

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
