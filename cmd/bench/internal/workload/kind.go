package workload

import "time"

// A Kind is how the fragments of a page are made. Templates may always be
// stored, for an hour.
type Kind struct {
	Name         string        // in paths
	CacheControl string        // of the fragments
	Delay        time.Duration // of each fragment
}

// The kinds of fragments that a [Site] has.
var (
	Cached   = Kind{"cached", "public, max-age=3600", 0}
	Uncached = Kind{"uncached", "no-store", 0}
	Slow     = Kind{"slow", "no-store", 20 * time.Millisecond}
)
