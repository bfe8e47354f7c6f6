package pagebench

// The rows of the table, which can be selected.
const (
	Cached      = "cached"
	Uncached    = "uncached"
	Slow        = "slow"
	Allocations = "allocations"
	Memory      = "memory"
	Growth      = "growth"
)

// Rows returns all rows in the order of the table.
func Rows() []string { return []string{Cached, Uncached, Slow, Allocations, Memory, Growth} }
