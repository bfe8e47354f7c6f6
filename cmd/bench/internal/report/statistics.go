package report

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Quantile returns the smallest value that at least the share q of all values
// does not exceed (the nearest rank). It returns zero if there are no values,
// and leaves their order alone.
func Quantile[T cmp.Ordered](values []T, q float64) T {
	if len(values) == 0 {
		var zero T
		return zero
	}
	sorted := slices.Sorted(slices.Values(values))
	rank := int(math.Ceil(q * float64(len(sorted))))
	return sorted[min(max(rank, 1), len(sorted))-1]
}

// Median returns the 0.5 quantile, and zero if there are no values.
func Median(values []float64) float64 { return Quantile(values, 0.5) }

// Max returns the largest value, and zero if there are no values.
func Max(values []float64) float64 { return Quantile(values, 1) }

// Min returns the smallest value, and zero if there are no values.
func Min(values []float64) float64 { return Quantile(values, 0) }

// Ratios divides values by the divisors of the same round. A round that lacks
// either of them has no ratio.
func Ratios(values, by []float64) []float64 {
	var all []float64
	for i := range min(len(values), len(by)) {
		all = append(all, values[i]/by[i])
	}
	return all
}

// A Spread is the distribution of the times of many clients.
type Spread struct{ p50, p99, max time.Duration }

// SpreadOf returns the distribution of times.
func SpreadOf(times []time.Duration) Spread {
	return Spread{Quantile(times, 0.5), Quantile(times, 0.99), Quantile(times, 1)}
}

// P50 returns the median.
func (s Spread) P50() time.Duration { return s.p50 }

// P99 returns the 99th percentile.
func (s Spread) P99() time.Duration { return s.p99 }

// Max returns the longest time.
func (s Spread) Max() time.Duration { return s.max }

// Milliseconds converts a duration to fractional milliseconds.
func Milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// Times returns a duration of each sample, in milliseconds.
func Times[T any](samples []T, of func(T) time.Duration) []float64 {
	values := make([]float64, len(samples))
	for i, sample := range samples {
		values[i] = Milliseconds(of(sample))
	}
	return values
}

// Plausible reports whether a count of independent events is within five
// standard deviations of the expected count.
func Plausible(count int, expected float64) bool {
	return math.Abs(float64(count)-expected) <= 5*math.Sqrt(expected)+1
}
