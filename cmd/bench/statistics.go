package main

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// quantile returns the smallest value that at least the share q of all values
// does not exceed (the nearest rank), and zero of no values.
func quantile[T cmp.Ordered](values []T, q float64) T {
	if len(values) == 0 {
		var zero T
		return zero
	}
	sorted := slices.Sorted(slices.Values(values))
	rank := int(math.Ceil(q * float64(len(sorted))))
	return sorted[min(max(rank, 1), len(sorted))-1]
}

// spread is how long something took for many clients.
type spread struct{ p50, p99, max time.Duration }

func spreadOf(times []time.Duration) spread {
	return spread{quantile(times, 0.5), quantile(times, 0.99), quantile(times, 1)}
}

// plausible says whether a count of independent events is what was expected,
// within five standard deviations.
func plausible(count int, expected float64) bool {
	return math.Abs(float64(count)-expected) <= 5*math.Sqrt(expected)+1
}
