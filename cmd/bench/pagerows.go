package main

// The rows of the table, as --only names them.
const (
	cachedRow      = "cached"
	uncachedRow    = "uncached"
	slowRow        = "slow"
	allocationsRow = "allocations"
	memoryRow      = "memory"
	growthRow      = "growth"
)

var allRows = []string{cachedRow, uncachedRow, slowRow, allocationsRow, memoryRow, growthRow}
