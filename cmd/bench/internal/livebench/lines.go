//go:build linux

package livebench

import (
	"time"

	"selvedge/cmd/bench/internal/report"
)

// The units of the table, in those of the samples.
const (
	kilobyte    = 1e3  // bytes
	percent     = 1e-2 // share
	microsecond = 1e-3 // milliseconds
)

// Lines returns the lines of the selected parts, in the order of [Parts]. The
// values are medians of the samples, except where a line says otherwise.
func (b *Bench) Lines(selected report.Selection) []report.Line {
	return selected.Lines(Parts(), map[string]func() []report.Line{
		Memory:    b.memoryLines,
		Idle:      b.idleLines,
		Changes:   b.changeLines,
		Renders:   b.renderLines,
		Reconnect: b.reconnectLines,
		Updates:   b.updateLines,
		Visible:   b.visibleLines,
		Slow:      b.slowLines,
		Jitter:    b.jitterLines,
		Personal:  b.personalLines,
		Naive:     b.naiveLines,
		Peers:     b.peerLines,
	})
}

// medianOf returns the median of a duration of each sample, in milliseconds.
func medianOf[T any](samples []T, of func(T) time.Duration) float64 {
	return report.Median(report.Times(samples, of))
}

// maxOf returns the largest duration, in milliseconds.
func maxOf[T any](samples []T, of func(T) time.Duration) float64 {
	return report.Max(report.Times(samples, of))
}
