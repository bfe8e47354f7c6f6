package pagebench

import "selvedge/cmd/bench/internal/report"

// The names of the systems in the table.
const (
	bareSystem     = "bare handler"
	proxySystem    = "ours, as a proxy"
	composedSystem = "ours, in process"
	nginxSystem    = "nginx"
	varnishSystem  = "Varnish"
)

// The figures of a system.
const (
	rateFigure      = "pages per second"
	costFigure      = "processor time of the server for a page, in microseconds"
	totalFigure     = "processor time of client, server and origin for a page, in microseconds"
	latencyFigure   = "time for a page, in milliseconds"
	firstByteFigure = "time until its first byte, in milliseconds"
	countFigure     = "allocations for a page"
	sizeFigure      = "memory of stored fragments, by their bytes"
)

// A series is the name of samples, of which each round has one.
type series struct{ row, system, figure string }

// samples are the figures of all rounds.
type samples map[series][]float64

// add adds the sample of a round.
func (m samples) add(row, system, figure string, value float64) {
	s := series{row, system, figure}
	m[s] = append(m[s], value)
}

// median returns the median of a figure.
func (m samples) median(row, system, figure string) float64 {
	return report.Median(m[series{row, system, figure}])
}

// medianRatio returns the median of the ratios of two systems' figures, round by
// round.
func (m samples) medianRatio(row, figure, system, other string) float64 {
	return report.Median(report.Ratios(m[series{row, system, figure}], m[series{row, other, figure}]))
}
